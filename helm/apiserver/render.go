package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// object is one document as it was rendered, duplicate keys and all, and what it says.
type object struct {
	*unstructured.Unstructured
	text []byte
}

// render tells what a cluster would be given: by Helm with a file of values, or by kustomize of a directory.
func render(cluster *cluster, chart, source, namespace string) ([]object, error) {
	if about, err := os.Stat(source); err != nil {
		return nil, err
	} else if about.IsDir() {
		return renderOverlay(source)
	}
	return renderChart(cluster, chart, source, namespace)
}

// renderChart renders as helm install does, with this cluster's versions and look-ups, tests and hooks too.
func renderChart(cluster *cluster, directory, file, namespace string) ([]object, error) {
	chart, err := loader.LoadDir(directory)
	if err != nil {
		return nil, err
	}
	values, err := common.ReadValuesFile(file)
	if err != nil {
		return nil, err
	}
	release := common.ReleaseOptions{Name: "tandem", Namespace: namespace, Revision: 1, IsInstall: true}
	capabilities, err := cluster.capabilities()
	if err != nil {
		return nil, err
	}
	input, err := util.ToRenderValues(chart, values, release, capabilities)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.New(cluster.config).Render(chart, input)
	if err != nil {
		return nil, err
	}
	var objects []object
	for name, text := range rendered {
		if filepath.Ext(name) != ".yaml" {
			continue // NOTES.txt
		}
		found, err := documents([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		objects = append(objects, found...)
	}
	return sorted(objects), nil
}

// namesIn are all texts in a file of values; of an overlay there are none.
func namesIn(source string) (map[string]bool, error) {
	names := map[string]bool{}
	if about, err := os.Stat(source); err != nil || about.IsDir() {
		return names, err
	}
	values, err := common.ReadValuesFile(source)
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case string:
			names[value] = true
		case []any:
			for _, element := range value {
				walk(element)
			}
		case map[string]any:
			for _, element := range value {
				walk(element)
			}
		}
	}
	walk(values.AsMap())
	return names, err
}

func renderOverlay(directory string) ([]object, error) {
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), directory)
	if err != nil {
		return nil, err
	}
	text, err := made.AsYaml()
	if err != nil {
		return nil, err
	}
	objects, err := documents(text)
	return sorted(objects), err
}

// documents takes a stream of YAML apart. Documents of comments alone are left out, as Helm does.
func documents(text []byte) ([]object, error) {
	var objects []object
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		content := map[string]any{}
		if err := yaml.Unmarshal(document, &content); err != nil {
			return nil, err
		}
		if len(content) == 0 {
			continue
		}
		one := object{&unstructured.Unstructured{Object: content}, document}
		if one.GetKind() == "" || one.GetAPIVersion() == "" {
			return nil, fmt.Errorf("a document without kind or apiVersion: %s", document)
		}
		objects = append(objects, one)
	}
}

// sorted puts first what the others need, then follows kind and name.
func sorted(objects []object) []object {
	rank := func(o object) string {
		first := slices.Index([]string{"Namespace", "PriorityClass", "ServiceAccount"}, o.GetKind())
		if first < 0 {
			first = 9
		}
		return fmt.Sprint(first, o.GetKind(), "/", o.GetName())
	}
	slices.SortFunc(objects, func(a, b object) int { return strings.Compare(rank(a), rank(b)) })
	return objects
}
