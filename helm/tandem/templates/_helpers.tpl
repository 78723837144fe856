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
{{- include "tandem.selectorOf" (list . "node") -}}
{{- end -}}

{{/* What selects a part of a release: (list . "management"). */}}
{{- define "tandem.selectorOf" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Labels of what belongs to a part of the router, (list . "client"), or with others that are stronger. */}}
{{- define "tandem.labels" -}}
{{- $root := index . 0 -}}
{{- $labels := include "tandem.podLabels" (list $root (index . 1) dict) | fromYaml -}}
{{- $made := dict "app.kubernetes.io/managed-by" $root.Release.Service "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") -}}
{{- $more := dict -}}
{{- if gt (len .) 2 -}}
{{- $more = index . 2 -}}
{{- end -}}
{{- toYaml (mergeOverwrite $made $labels $more) -}}
{{- end -}}

{{/* Those of pods, (list . "node" .Values.podLabels): without the chart's version, which is no reason to restart. */}}
{{- define "tandem.podLabels" -}}
{{- $root := index . 0 -}}
{{- $labels := include "tandem.selectorOf" . | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/version" $root.Chart.AppVersion -}}
{{- toYaml (mergeOverwrite $labels $root.Values.commonLabels (index . 2)) -}}
{{- end -}}

{{- define "tandem.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "tandem.serviceAccount" -}}
{{- default (include "tandem.fullname" .) .Values.serviceAccount.existing -}}
{{- end -}}

{{/* As many nodes as there are to be at least. */}}
{{- define "tandem.nodes" -}}
{{- if .Values.autoscaling.enabled }}{{ int .Values.autoscaling.minReplicas }}{{ else }}{{ int .Values.replicas }}{{ end -}}
{{- end -}}

{{/*
What a StatefulSet says of them. Empty where the autoscaler does, but a number that was Helm's and is left out falls to
1, and all nodes but one go at once. So Helm goes on to say how many there are, for as long as nobody else has set it;
without server-side apply, which knows who has, always.
*/}}
{{- define "tandem.replicas" -}}
{{- if .Values.autoscaling.enabled -}}
{{- $live := (lookup "apps/v1" "StatefulSet" .Release.Namespace (include "tandem.fullname" .)) -}}
{{- $applied := false -}}
{{- $scaled := false -}}
{{- range ($live.metadata).managedFields -}}
{{- $applied = or $applied (eq .operation "Apply") -}}
{{- $scaled = or $scaled (eq (default "" .subresource) "scale") -}}
{{- end -}}
{{- if and $live (not (and $applied $scaled)) }}{{ int $live.spec.replicas }}{{ end -}}
{{- else -}}
{{ int .Values.replicas }}
{{- end -}}
{{- end -}}

{{/* Name of the Secret with what nodes prove to each other. */}}
{{- define "tandem.clusterSecret" -}}
{{- default (printf "%s-cluster" (include "tandem.fullname" .)) .Values.cluster.secret.existingSecret -}}
{{- end -}}

{{/* Name of the Secret with a certificate, brought or made: (list . .Values.tls "tls"); empty where there is none. */}}
{{- define "tandem.certificateSecret" -}}
{{- $tls := index . 1 -}}
{{- if and $tls.secret $tls.issuer.name -}}
{{- fail (printf "%s: a Secret and an issuer are named; one of them makes the certificate" (index . 3)) -}}
{{- end -}}
{{- if $tls.issuer.name -}}
{{- printf "%s-%s" (include "tandem.fullname" (index . 0)) (index . 2) -}}
{{- else -}}
{{- $tls.secret -}}
{{- end -}}
{{- end -}}

{{- define "tandem.tlsSecret" -}}
{{- include "tandem.certificateSecret" (list . .Values.tls "tls" "tls") -}}
{{- end -}}

{{- define "tandem.clusterTlsSecret" -}}
{{- include "tandem.certificateSecret" (list . .Values.cluster.tls "cluster-tls" "cluster.tls") -}}
{{- end -}}

{{/* The node's configuration: the values' and what the chart knows better. */}}
{{- define "tandem.config" -}}
{{- $cluster := dict "name" (include "tandem.fullname" .) "port" 5701 "service" (printf "%s-headless" (include "tandem.fullname" .)) "expect" (int (include "tandem.nodes" .)) "secret" (dict "file" "/etc/tandem-cluster/secret") -}}
{{- if include "tandem.clusterTlsSecret" . -}}
{{- $_ := set $cluster "tls" (dict "certificate" "/etc/tandem-cluster-tls/tls.crt" "key" "/etc/tandem-cluster-tls/tls.key" "ca" "/etc/tandem-cluster-tls/ca.crt") -}}
{{- end -}}
{{- $own := dict "cluster" $cluster "drainTimeout" (printf "%ds" (int .Values.drain.timeoutSeconds)) -}}
{{- $config := deepCopy .Values.config -}}
{{- if include "tandem.tlsSecret" . -}}
{{- range $config.listeners -}}
{{- if not (hasKey . "tls") -}}
{{- $_ := set . "tls" (dict "certificate" "/etc/tandem-tls/tls.crt" "key" "/etc/tandem-tls/tls.key") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if .Values.monitoring.token.secret -}}
{{- $_ := set $config.management "metricsToken" (dict "file" "/etc/tandem-metrics/token") -}}
{{- end -}}
{{- $reload := default dict $config.reload -}}
{{- if not (hasKey $reload "watch") -}}
{{- $_ := set $reload "watch" true -}}
{{- end -}}
{{- $_ := set $config "reload" $reload -}}
{{- toYaml (merge $own $config) -}}
{{- end -}}

{{/* The part of it that a node looks at only when it starts. It looks at `expect` too, but more nodes are no reason to restart. */}}
{{- define "tandem.configAtStart" -}}
{{- $config := omit (include "tandem.config" . | fromYaml) "realms" "bans" "failedLogins" "reload" -}}
{{- $_ := set $config "cluster" (omit $config.cluster "expect") -}}
{{- toYaml $config -}}
{{- end -}}

{{/* The doors for clients: name (client, client-1, ...), number of the container's port, tls, path, and what the service says. */}}
{{- define "tandem.clientPorts" -}}
{{- $said := .Values.service.client.ports -}}
{{- range $i, $listener := (include "tandem.config" . | fromYaml).listeners }}
{{- $door := dict "port" $listener.port -}}
{{- if lt $i (len $said) }}{{ $door = merge (deepCopy (index $said $i)) $door }}{{ end }}
- name: client{{ if $i }}-{{ $i }}{{ end }}
  number: {{ $listener.port }}
  tls: {{ hasKey $listener "tls" }}
  path: {{ default "/ws" $listener.path }}
  service:
    {{- toYaml $door | nindent 4 }}
{{- end }}
{{- end -}}

{{/* What a pod needs that this chart starts: (list . "name of the service account"), where it has one. */}}
{{- define "tandem.podDefaults" -}}
{{- $root := index . 0 -}}
{{- if gt (len .) 1 -}}
serviceAccountName: {{ index . 1 }}
{{ end -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "tandem.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
