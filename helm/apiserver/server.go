package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/embed"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/client-go/util/keyutil"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

// How long etcd and then the API server may take until they are ready.
const startLimit = 2 * time.Minute

// server is an API server and its etcd, in this process. All of its files are in one directory: certificates
// and keys made for this run, the log, the data.
type server struct {
	directory string
	config    *rest.Config // of a client that may do everything
	stop      func()
}

func start(ctx context.Context, directory string) (*server, error) {
	log, err := os.Create(filepath.Join(directory, "log"))
	if err != nil {
		return nil, err
	}
	etcd, err := startEtcd(directory, log.Name())
	if err != nil {
		return nil, fmt.Errorf("etcd: %w", err)
	}
	token := make([]byte, 16)
	if _, err := rand.Read(token); err != nil {
		return nil, err
	}
	serving, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	chosen, err := configure(directory, log, hex.EncodeToString(token), "http://"+etcd.Clients[0].Addr().String())
	if err == nil {
		go func() { ended <- serveAPI(serving, chosen) }()
	} else {
		ended <- err
	}
	one := &server{
		directory: directory,
		config: &rest.Config{
			Host:            "https://" + net.JoinHostPort("127.0.0.1", fmt.Sprint(chosen.SecureServing.BindPort)),
			BearerToken:     hex.EncodeToString(token),
			TLSClientConfig: rest.TLSClientConfig{CAFile: filepath.Join(directory, "apiserver.crt")},
			QPS:             -1, // no limit
		},
		stop: func() {
			cancel()
			etcd.Close()
		},
	}
	if err := one.awaitReady(ctx, ended); err != nil {
		one.stop()
		return nil, fmt.Errorf("%w; the end of its log:\n%s", err, tail(log.Name()))
	}
	return one, nil
}

// startEtcd starts a single member, that syncs nothing: its data lives as long as this process.
func startEtcd(directory, log string) (*embed.Etcd, error) {
	config := embed.NewConfig()
	config.Dir = filepath.Join(directory, "etcd")
	config.LogLevel = "warn"
	config.LogOutputs = []string{log}
	config.UnsafeNoFsync = true
	anyPort := []url.URL{{Scheme: "http", Host: "127.0.0.1:0"}}
	config.ListenClientUrls, config.AdvertiseClientUrls = anyPort, anyPort
	config.ListenPeerUrls, config.AdvertisePeerUrls = anyPort, anyPort
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		return nil, err
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return etcd, nil
	case <-time.After(startLimit):
		etcd.Close()
		return nil, errors.New("is not ready in time")
	}
}

// configure says what kube-apiserver's command line would: as a cluster made by kubeadm has it, where it matters
// for what is accepted.
func configure(directory string, log *os.File, token, etcd string) (*options.ServerRunOptions, error) {
	chosen := options.NewServerRunOptions()
	flags := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, set := range chosen.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	if err := logTo(log); err != nil {
		return chosen, err
	}

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return chosen, err
	}
	chosen.SecureServing.Listener = listener
	chosen.SecureServing.BindPort = listener.Addr().(*net.TCPAddr).Port
	chosen.SecureServing.ExternalAddress = net.IPv4(127, 0, 0, 1)

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return chosen, err
	}
	pem, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return chosen, err
	}
	accounts := filepath.Join(directory, "accounts.key")
	if err := os.WriteFile(accounts, pem, 0o600); err != nil {
		return chosen, err
	}
	tokens := filepath.Join(directory, "tokens")
	if err := os.WriteFile(tokens, []byte(token+",admin,admin,system:masters\n"), 0o600); err != nil {
		return chosen, err
	}
	return chosen, flags.Parse([]string{
		"--etcd-servers=" + etcd,
		"--cert-dir=" + directory,
		"--token-auth-file=" + tokens,
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--service-cluster-ip-range=10.96.0.0/12,fd00:10:96::/112",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + accounts,
		"--service-account-signing-key-file=" + accounts,
		"--endpoint-reconciler-type=none", // which takes no loopback address
	})
}

// logTo keeps everything that Kubernetes logs off the terminal.
func logTo(file *os.File) error {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	klog.SetOutput(file)
	return flags.Parse([]string{"-logtostderr=false", "-stderrthreshold=FATAL"})
}

func serveAPI(ctx context.Context, chosen *options.ServerRunOptions) error {
	if err := chosen.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	completed, err := chosen.Complete(ctx)
	if err != nil {
		return err
	}
	if problems := completed.Validate(); len(problems) > 0 {
		return utilerrors.NewAggregate(problems)
	}
	return app.Run(ctx, completed)
}

func (s *server) awaitReady(ctx context.Context, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		// The certificate is not there at first.
		if client, err := kubernetes.NewForConfig(s.config); err == nil {
			if client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error() == nil {
				return nil
			}
		}
		select {
		case err := <-ended:
			return fmt.Errorf("the API server does not start: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("the API server is not ready: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// kubeconfig writes a file for kubectl and helm.
func (s *server) kubeconfig() (string, error) {
	config := api.NewConfig()
	config.Clusters["own"] = &api.Cluster{Server: s.config.Host, CertificateAuthority: s.config.CAFile}
	config.AuthInfos["admin"] = &api.AuthInfo{Token: s.config.BearerToken}
	config.Contexts["own"] = &api.Context{Cluster: "own", AuthInfo: "admin"}
	config.CurrentContext = "own"
	file := filepath.Join(s.directory, "kubeconfig")
	return file, clientcmd.WriteToFile(*config, file)
}

func tail(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}
