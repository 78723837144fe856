{{/* Name of everything in a release. */}}
{{- define "tandem.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects the nodes of a release; never changes, since a StatefulSet's selector cannot. */}}
{{- define "tandem.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: node
{{- end -}}

{{- define "tandem.labels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "tandem.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}

{{/* The node's configuration: the values' and what the chart knows better. */}}
{{- define "tandem.config" -}}
{{- $cluster := dict "name" (include "tandem.fullname" .) "port" 5701 "service" (printf "%s-headless" (include "tandem.fullname" .)) "expect" (int .Values.replicas) "secret" (dict "file" "/etc/tandem-cluster/secret") -}}
{{- if .Values.cluster.tls.secret -}}
{{- $_ := set $cluster "tls" (dict "certificate" "/etc/tandem-cluster-tls/tls.crt" "key" "/etc/tandem-cluster-tls/tls.key" "ca" "/etc/tandem-cluster-tls/ca.crt") -}}
{{- end -}}
{{- $own := dict "cluster" $cluster "drainTimeout" (printf "%ds" (int .Values.drain.timeoutSeconds)) -}}
{{- toYaml (merge $own (deepCopy .Values.config)) -}}
{{- end -}}

{{/* Name of the Secret with what nodes prove to each other. */}}
{{- define "tandem.clusterSecret" -}}
{{- default (printf "%s-cluster" (include "tandem.fullname" .)) .Values.cluster.secret.existingSecret -}}
{{- end -}}

{{/* The doors for clients, as name and number: client, client-1, ... */}}
{{- define "tandem.clientPorts" -}}
{{- range $i, $listener := .Values.config.listeners }}
- name: client{{ if $i }}-{{ $i }}{{ end }}
  number: {{ $listener.port }}
{{- end }}
{{- end -}}

{{/* Nothing that a node needs is more than this. */}}
{{- define "tandem.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "tandem.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
