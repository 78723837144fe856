package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// Who owns fields in what is applied here.
const manager = "tandem"

// cluster is what the checks say to the server. Not for several goroutines: warnings belong to the request before.
type cluster struct {
	config    *rest.Config
	version   string
	typed     kubernetes.Interface
	objects   dynamic.Interface
	discovery discovery.CachedDiscoveryInterface
	kinds     *restmapper.DeferredDiscoveryRESTMapper
	warnings  *warnings
}

// warnings collects what the server answers beside its results.
type warnings struct{ texts []string }

func (w *warnings) HandleWarningHeader(_ int, _, text string) { w.texts = append(w.texts, text) }

func (w *warnings) taken() []string {
	texts := w.texts
	w.texts = nil
	return texts
}

func connect(ctx context.Context, server *server) (*cluster, error) {
	heard := &warnings{}
	config := rest.CopyConfig(server.config)
	config.WarningHandler = heard
	typed, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	version, err := typed.Discovery().ServerVersion()
	if err != nil {
		return nil, err
	}
	cached := memory.NewMemCacheClient(typed.Discovery())
	return &cluster{
		config:    config,
		version:   version.GitVersion,
		typed:     typed,
		objects:   objects,
		discovery: cached,
		kinds:     restmapper.NewDeferredDiscoveryRESTMapper(cached),
		warnings:  heard,
	}, nil
}

// define adds kinds of resources to the cluster, as the operators that own them do.
func (c *cluster) define(ctx context.Context, files []string) error {
	var wanted []schema.GroupVersionKind
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		definitions, err := documents(text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, definition := range definitions {
			if err := c.apply(ctx, definition, "", metav1.PatchOptions{}); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
			kind, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "kind")
			wanted = append(wanted, schema.GroupVersionKind{Group: group, Kind: kind})
		}
	}
	c.warnings.taken() // these definitions are not ours
	for deadline := time.Now().Add(startLimit); ; time.Sleep(100 * time.Millisecond) {
		c.kinds.Reset()
		wanted = slices.DeleteFunc(wanted, func(kind schema.GroupVersionKind) bool {
			_, err := c.kinds.RESTMapping(kind.GroupKind())
			return err == nil
		})
		if len(wanted) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the cluster does not come to know %v", wanted)
		}
	}
}

// capabilities are what templates see of the cluster.
func (c *cluster) capabilities() (*common.Capabilities, error) {
	version, err := common.ParseKubeVersion(c.version)
	if err != nil {
		return nil, err
	}
	_, resources, err := c.discovery.ServerGroupsAndResources()
	if err != nil {
		return nil, err
	}
	var versions common.VersionSet
	for _, list := range resources {
		versions = append(versions, list.GroupVersion)
		for _, resource := range list.APIResources {
			versions = append(versions, list.GroupVersion+"/"+resource.Kind)
		}
	}
	capabilities := common.DefaultCapabilities.Copy()
	capabilities.KubeVersion, capabilities.APIVersions = *version, versions
	return capabilities, nil
}

// restricted makes a namespace that takes only pods by the strictest of the Pod Security standards, and says so of
// whatever makes pods. It has the account that a controller would make.
func (c *cluster) restricted(ctx context.Context, name string) error {
	labels := map[string]string{}
	for _, mode := range []string{"enforce", "warn", "audit"} {
		labels["pod-security.kubernetes.io/"+mode] = "restricted"
	}
	space := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
	if _, err := c.typed.CoreV1().Namespaces().Create(ctx, space, metav1.CreateOptions{}); err != nil {
		return ignoreExisting(err)
	}
	return c.account(ctx, name, "default")
}

func (c *cluster) account(ctx context.Context, namespace, name string) error {
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: name}}
	_, err := c.typed.CoreV1().ServiceAccounts(namespace).Create(ctx, account, metav1.CreateOptions{})
	return ignoreExisting(err)
}

// runs makes a class of container runtimes.
func (c *cluster) runs(ctx context.Context, name string) error {
	class := &nodev1.RuntimeClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Handler: name}
	_, err := c.typed.NodeV1().RuntimeClasses().Create(ctx, class, metav1.CreateOptions{})
	return ignoreExisting(err)
}

// prioritized makes a class of priorities.
func (c *cluster) prioritized(ctx context.Context, name string) error {
	class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: 1000}
	_, err := c.typed.SchedulingV1().PriorityClasses().Create(ctx, class, metav1.CreateOptions{})
	return ignoreExisting(err)
}

func ignoreExisting(err error) error {
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// apply gives an object to the server as kubectl apply --server-side --validate=strict does, in its own namespace
// or, where it names none, in this one. Warnings are errors.
func (c *cluster) apply(ctx context.Context, o object, namespace string, options metav1.PatchOptions) error {
	at, err := c.resource(o.GroupVersionKind(), firstOf(o.GetNamespace(), namespace))
	if err != nil {
		return err
	}
	force := true
	options.FieldManager, options.FieldValidation, options.Force = manager, "Strict", &force
	c.warnings.taken()
	_, err = at.Patch(ctx, o.GetName(), types.ApplyYAMLPatchType, o.text, options)
	return c.strictly(err)
}

// create posts an object in dry run. Warnings are errors.
func (c *cluster) create(ctx context.Context, o *unstructured.Unstructured, namespace string) error {
	at, err := c.resource(o.GroupVersionKind(), namespace)
	if err != nil {
		return err
	}
	c.warnings.taken()
	options := metav1.CreateOptions{FieldManager: manager, FieldValidation: "Strict", DryRun: []string{metav1.DryRunAll}}
	_, err = at.Create(ctx, o, options)
	return c.strictly(err)
}

func (c *cluster) strictly(err error) error {
	if said := c.warnings.taken(); err == nil && len(said) > 0 {
		return fmt.Errorf("warning: %s", strings.Join(said, "; "))
	}
	return err
}

func (c *cluster) resource(kind schema.GroupVersionKind, namespace string) (dynamic.ResourceInterface, error) {
	mapping, err := c.kinds.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == "namespace" {
		return c.objects.Resource(mapping.Resource).Namespace(namespace), nil
	}
	return c.objects.Resource(mapping.Resource), nil
}

func firstOf(one, other string) string {
	if one != "" {
		return one
	}
	return other
}
