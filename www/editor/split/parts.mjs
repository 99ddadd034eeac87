// The parts of the program, in the order in which they arrive.
//
// `modules` say whose functions are not there before a part: crates, modules, or one function after a `#`. `gates`
// are functions or modules that parts before it may call although they are not there. They are marked in the
// source, so that they are not inlined and can be found. What is needed only behind a gate comes with its part.
// Whoever goes through one too early is stopped (`calledTooEarly` in crates/playground/src/platform/engine.rs), so
// for each gate the page waits for the part. `components` are modules of components, which are compiled under the
// name of what draws them. `least` is how many bytes of code a part has when the cut works. The build fails when a
// name here matches nothing.

export const parts = [
  {
    name: "first",
    // Of the engine's crates: what a page shows that has no cluster yet.
    modules: ["session::documents", "session::session#vacant"],
    least: 200_000,
  },
  {
    name: "engine",
    // The page waits for this part before it does anything with a cluster: every function here is a gate.
    modules: [
      "api", "apimachinery", "apiserver", "client", "cluster", "controller_manager", "coredns", "csi",
      "kubectl", "kubelet", "rand_pcg", "scene", "scheduler", "session",
      // What reads a session for the page.
      "playground::past", "playground::show",
    ],
    components: [
      "playground::components::stage", "playground::components::timeline::flags",
      "playground::components::timeline::overview", "playground::components::timeline::ribbon",
    ],
    least: 500_000,
  },
  {
    name: "commands",
    gates: [
      // A line at the terminal, and Tab.
      "kubectl::script#start", "kubectl#start_simple", "kubectl::complete#complete",
      // What only such lines ask of a cluster.
      "apimachinery::labels#read", "apiserver::evict#evict", "apiserver::patch::json#json",
      "apiserver::patching#apply", "apiserver::scale",
      "session::exec", "session::logs",
      // What happens to objects that are there already, and to kinds that few manifests hold: the page waits for
      // this part before it applies more than new everyday objects (crates/session/src/everyday.rs).
      "apiserver::admission::limitranger#set_defaults", "apiserver::admission::limitranger#validate_claim",
      "apiserver::admission::limitranger#validate_pod", "apiserver::admission::quota#charge_each",
      "apiserver::patch::three_way", "apiserver::registry::golang::diff#unified_diff",
      "apiserver::registry::limitrange", "apiserver::registry::poddisruptionbudget",
      "apiserver::registry::priorityclass", "apiserver::registry::resourcequota", "apiserver::registry::secret",
      "controller_manager::disruption#sync", "controller_manager::namespace#empty",
      "controller_manager::resourcequota#sync", "controller_manager::tainteviction#sync",
      // What puts reasons into words, looks ahead and offers: the page shows none of it before.
      "client::explain", "session::forecast", "session::offers", "session::why",
      "playground::components::why_answer#answer", "playground::components::why_panel#button",
      // The menu of faults, and what is in force.
      "playground::show_faults#faults", "session::refusal#refusal",
      "session::refusal#sentence",
      // What is wrong with a document, and what the cluster has otherwise.
      "session::diagnose", "session::drift",
      // What was done in an earlier visit, or stands in a link.
      "playground::past#open", "playground::past#resume",
      // What `kubectl apply` does with flags only.
      "kubectl::output#named", "kubectl::output#print", "kubectl::output#tell_whole",
      "kubectl::prune#kinds", "kubectl::prune#prune", "kubectl::server_side#apply",
    ],
    components: [
      "playground::components::export_menu", "playground::components::faults_menu",
      "playground::components::gallery", "playground::components::in_force",
    ],
    least: 300_000,
  },
  {
    name: "recordings",
    gates: ["playground::played#put_on_stage"],
    components: ["playground::components::recording_steps"],
    least: 50_000,
  },
];
