// The example of the module's README.

/** The text of its first block of JavaScript. */
export function example(readme) {
  const block = readme.match(/```js\n(.*?)```/s);
  if (!block) throw new Error("the README has no example");
  return block[1];
}
