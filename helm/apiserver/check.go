package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// check has the server judge everything, tells of each source, and fails if something was refused.
func check(ctx context.Context, cluster *cluster, chart string, sources []string) error {
	if err := refusesMistakes(ctx, cluster); err != nil {
		return err
	}
	objects, pods, refused := 0, 0, 0
	for _, source := range sources {
		name := strings.TrimSuffix(filepath.Base(source), ".yaml")
		made, err := render(cluster, chart, source, "tandem-"+name)
		if err != nil {
			say("REFUSED %s: it cannot be rendered: %v", source, err)
			refused++
			continue
		}
		named, err := namesIn(source)
		if err != nil {
			return err
		}
		judge := judge{cluster: cluster, namespace: "tandem-" + name, named: named}
		if err := judge.all(ctx, made); err != nil {
			return err // of the checks, not of what they check
		}
		for _, problem := range judge.refused {
			say("REFUSED %s: %s", source, problem)
		}
		if len(judge.refused) == 0 {
			say("%s: %d objects and %d pods accepted", source, len(made), judge.pods)
		}
		objects, pods, refused = objects+len(made), pods+judge.pods, refused+len(judge.refused)
	}
	if refused > 0 {
		return fmt.Errorf("%d refused", refused)
	}
	say("%d sets of values and overlays, %d objects, %d pods: all accepted", len(sources), objects, pods)
	return nil
}

// judge gives the objects of one source to the server.
type judge struct {
	cluster   *cluster
	namespace string
	named     map[string]bool // by the values: what a cluster has already, where it is no object of the chart
	pods      int
	refused   []string
}

func (j *judge) all(ctx context.Context, objects []object) error {
	if err := j.cluster.restricted(ctx, j.namespace); err != nil {
		return err
	}
	for _, o := range objects {
		if space := o.GetNamespace(); space != "" {
			if err := j.cluster.restricted(ctx, space); err != nil {
				return err
			}
		}
		// A pod is judged with its account, so accounts stay.
		options := metav1.PatchOptions{}
		if o.GetKind() != "ServiceAccount" {
			options.DryRun = []string{metav1.DryRunAll}
		}
		space := firstOf(o.GetNamespace(), j.namespace)
		if err := j.prepare(ctx, o.Unstructured, space); err != nil {
			return err
		}
		j.note(o.GetKind(), o.GetName(), j.cluster.apply(ctx, o, j.namespace, options))
		if o.GetKind() == "Pod" {
			j.pods++
			continue
		}
		// What makes pods makes none in dry run, and only of a pod does Pod Security refuse.
		if pod := podOf(o.Unstructured); pod != nil {
			if err := j.prepare(ctx, pod, space); err != nil {
				return err
			}
			j.pods++
			j.note("pod of "+o.GetKind(), o.GetName(), j.cluster.create(ctx, pod, space))
		}
	}
	return nil
}

// prepare makes what a pod needs of the cluster, if the values name it. What the chart alone names it has to make.
func (j *judge) prepare(ctx context.Context, pod *unstructured.Unstructured, namespace string) error {
	if pod.GetKind() != "Pod" {
		return nil
	}
	for field, makes := range map[string]func(name string) error{
		"priorityClassName":  func(name string) error { return j.cluster.prioritized(ctx, name) },
		"runtimeClassName":   func(name string) error { return j.cluster.runs(ctx, name) },
		"serviceAccountName": func(name string) error { return j.cluster.account(ctx, namespace, name) },
	} {
		if name, _, _ := unstructured.NestedString(pod.Object, "spec", field); name != "" && j.named[name] {
			if err := makes(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *judge) note(kind, name string, err error) {
	if err != nil {
		j.refused = append(j.refused, fmt.Sprintf("%s %s: %v", kind, name, err))
	}
}

// podOf is the first pod that a workload would make, or nil.
func podOf(workload *unstructured.Unstructured) *unstructured.Unstructured {
	path := []string{"spec", "template"}
	switch workload.GetKind() {
	case "CronJob":
		path = []string{"spec", "jobTemplate", "spec", "template"}
	case "StatefulSet", "Deployment", "DaemonSet", "ReplicaSet", "Job":
	default:
		return nil
	}
	template, found, _ := unstructured.NestedMap(workload.Object, path...)
	if !found {
		return nil // the server has refused the workload itself
	}
	pod := &unstructured.Unstructured{Object: template}
	pod.SetAPIVersion("v1")
	pod.SetKind("Pod")
	pod.SetName(workload.GetName() + "-0")
	claims, _, _ := unstructured.NestedSlice(workload.Object, "spec", "volumeClaimTemplates")
	volumes, _, _ := unstructured.NestedSlice(template, "spec", "volumes")
	for _, claim := range claims {
		name, _, _ := unstructured.NestedString(claim.(map[string]any), "metadata", "name")
		volumes = append(volumes, map[string]any{
			"name":                  name,
			"persistentVolumeClaim": map[string]any{"claimName": name + "-" + pod.GetName()},
		})
	}
	if len(claims) > 0 {
		_ = unstructured.SetNestedSlice(pod.Object, volumes, "spec", "volumes")
	}
	return pod
}
