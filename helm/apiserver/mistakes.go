package main

import (
	"context"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mistakes are what the server has to refuse, with words of its refusal. A check that lets them pass shows nothing.
var mistakes = []struct{ refusal, text string }{
	{"runAsNonRoot", `{apiVersion: v1, kind: Pod, metadata: {name: mistake}, spec: {
		securityContext: {runAsNonRoot: false, seccompProfile: {type: RuntimeDefault}},
		containers: [{name: one, image: one, securityContext: {
			allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}}`},
	{"would violate PodSecurity", `{apiVersion: apps/v1, kind: Deployment, metadata: {name: mistake}, spec: {
		selector: {matchLabels: {app: one}}, template: {metadata: {labels: {app: one}}, spec: {
			containers: [{name: one, image: one}]}}}}`},
	{"prot: field not declared", `{apiVersion: v1, kind: Service, metadata: {name: mistake}, spec: {
		ports: [{port: 80, prot: TCP}]}}`},
	{"already set in map", `{apiVersion: v1, kind: ConfigMap, metadata: {name: mistake}, data: {one: a, one: b}}`},
	{"must be greater than or equal to 0", `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: mistake}, spec: {
		replicas: -1, serviceName: one, selector: {matchLabels: {app: one}},
		template: {metadata: {labels: {app: one}}, spec: {containers: [{name: one, image: one}]}}}}`},
}

func refusesMistakes(ctx context.Context, cluster *cluster) error {
	const namespace = "mistakes"
	if err := cluster.restricted(ctx, namespace); err != nil {
		return err
	}
	for _, mistake := range mistakes {
		// Tabs are for readers of this file, not for YAML.
		objects, err := documents([]byte(strings.ReplaceAll(mistake.text, "\t", "")))
		if err != nil {
			return err
		}
		options := metav1.PatchOptions{DryRun: []string{metav1.DryRunAll}}
		err = cluster.apply(ctx, objects[0], namespace, options)
		if err == nil || !strings.Contains(err.Error(), mistake.refusal) {
			return fmt.Errorf("the server should refuse this with %q, but answers %v: %s", mistake.refusal, err, mistake.text)
		}
	}
	say("of %d mistakes it refuses each", len(mistakes))
	return nil
}
