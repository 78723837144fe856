// The program apiserver runs a Kubernetes API server of its own and asks it whether it accepts what this
// repository gives to clusters: the chart with each set of values, and the kustomize overlays.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: apiserver [OPTION]... [FILE|DIRECTORY]...

Starts a Kubernetes API server on a free port of 127.0.0.1, and stops it at the end.

Each FILE is a set of values that the chart is rendered with, each DIRECTORY an overlay of kustomize. The server
is given every object of theirs in dry run, strictly, in a namespace with Pod Security "restricted". A warning
counts as a refusal. The end is 1 where something is refused.

`

// files is a flag that may be given more than once, with patterns of file names.
type files []string

func (f *files) String() string { return strings.Join(*f, " ") }

func (f *files) Set(pattern string) error {
	found, err := filepath.Glob(pattern)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no such file")
	}
	*f = append(*f, found...)
	return err
}

func main() {
	var definitions files
	chart := flag.String("chart", "", "directory of the chart")
	serve := flag.Bool("serve", false, "write a kubeconfig and serve until a signal, rather than check")
	flag.Var(&definitions, "crd", "files of resource definitions that the cluster is to have; may be repeated")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *chart, definitions, flag.Args(), *serve); err != nil {
		say("%v", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, chart string, definitions, sources []string, serve bool) error {
	begun := time.Now()
	directory, err := os.MkdirTemp("", "tandem-apiserver.")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	server, err := start(ctx, directory)
	if err != nil {
		return err
	}
	defer server.stop()
	cluster, err := connect(ctx, server)
	if err != nil {
		return err
	}
	say("Kubernetes %s listens at %s after %.0f s", cluster.version, server.config.Host, time.Since(begun).Seconds())
	if err := cluster.define(ctx, definitions); err != nil {
		return err
	}
	if serve {
		kubeconfig, err := server.kubeconfig()
		if err != nil {
			return err
		}
		say("export KUBECONFIG=%s", kubeconfig)
		<-ctx.Done()
		return nil
	}
	return check(ctx, cluster, chart, sources)
}

func say(format string, arguments ...any) {
	fmt.Printf("apiserver: "+format+"\n", arguments...)
}
