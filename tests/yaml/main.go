// Asks the library with which kubectl reads YAML what it makes of the texts of a recording.
//
//	go run . < recorded.json
package main

import (
	"encoding/json"
	"log"
	"os"

	"sigs.k8s.io/yaml"
)

type answer struct {
	Text  string          `json:"text"`
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	var answers []answer
	if err := json.NewDecoder(os.Stdin).Decode(&answers); err != nil {
		log.Fatal(err)
	}
	os.Stdout.WriteString("[\n")
	for at := range answers {
		one := answer{Text: answers[at].Text}
		value, err := yaml.YAMLToJSON([]byte(one.Text))
		if err != nil {
			one.Error = err.Error()
		} else {
			one.JSON = value
		}
		line, err := json.Marshal(one)
		if err != nil {
			log.Fatal(err)
		}
		os.Stdout.Write(line)
		if at+1 < len(answers) {
			os.Stdout.WriteString(",")
		}
		os.Stdout.WriteString("\n")
	}
	os.Stdout.WriteString("]\n")
}
