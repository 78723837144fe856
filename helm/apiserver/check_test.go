package main

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestPodOfStatefulSetHasTheVolumesOfItsClaims(t *testing.T) {
	set, err := documents([]byte(`{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: one}, spec: {
  volumeClaimTemplates: [{metadata: {name: data}}], template: {spec: {containers: [{name: a}]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	pod := podOf(set[0].Unstructured)
	volumes, _, _ := unstructured.NestedSlice(pod.Object, "spec", "volumes")
	if len(volumes) != 1 {
		t.Fatalf("volumes: %v", volumes)
	}
	claim, _, _ := unstructured.NestedString(volumes[0].(map[string]any), "persistentVolumeClaim", "claimName")
	if pod.GetName() != "one-0" || claim != "data-one-0" {
		t.Errorf("pod %s with claim %s", pod.GetName(), claim)
	}
}

func TestWhatMakesNoPodsHasNone(t *testing.T) {
	service, err := documents([]byte("{apiVersion: v1, kind: Service, metadata: {name: one}}"))
	if err != nil || podOf(service[0].Unstructured) != nil {
		t.Errorf("%v, %v", err, service)
	}
}

func TestDocumentsOfCommentsAloneAreLeftOut(t *testing.T) {
	found, err := documents([]byte("# one\n---\n# two\n---\n{apiVersion: v1, kind: Secret}\n"))
	if err != nil || len(found) != 1 {
		t.Errorf("%v, %v", err, found)
	}
}

func TestNamespacesAndAccountsComeFirst(t *testing.T) {
	found, err := documents([]byte("{apiVersion: v1, kind: Pod}\n---\n{apiVersion: v1, kind: ServiceAccount}\n" +
		"---\n{apiVersion: v1, kind: Namespace}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if order := sorted(found); order[0].GetKind() != "Namespace" || order[1].GetKind() != "ServiceAccount" {
		t.Errorf("%v", order)
	}
}
