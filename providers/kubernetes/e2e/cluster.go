package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// cluster is an etcd and a kube-apiserver that run, and their directory.
type cluster struct {
	bin, dir, server, token string
	servers                 []*exec.Cmd
}

// start starts both, and waits until the server is ready.
func start(ctx context.Context, bin string) (*cluster, error) {
	dir, err := os.MkdirTemp("", "e2e-kubernetes-")
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin, dir: dir, token: rand.Text()}
	if err := c.startServers(ctx); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

func (c *cluster) startServers(ctx context.Context) error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	client, peer := "http://"+ports[0], "http://"+ports[1]
	err = c.background("etcd",
		"--data-dir", filepath.Join(c.dir, "data"), "--log-level", "error",
		"--listen-client-urls", client, "--advertise-client-urls", client,
		"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "default="+peer)
	if err != nil {
		return err
	}
	token, key := filepath.Join(c.dir, "tokens.csv"), filepath.Join(c.dir, "service-accounts.key")
	if err := errors.Join(os.WriteFile(token, []byte(c.token+",e2e,e2e\n"), 0o600), writeKey(key)); err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(ports[2])
	if err != nil {
		return err
	}
	c.server = "https://" + ports[2]
	err = c.background("kube-apiserver",
		"--etcd-servers", client, "--bind-address", "127.0.0.1", "--secure-port", port, "--cert-dir", filepath.Join(c.dir, "certs"),
		"--token-auth-file", token, "--authorization-mode", "AlwaysAllow",
		"--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", key, "--service-account-signing-key-file", key,
		"--service-cluster-ip-range", "10.0.0.0/16", "--allow-privileged", "--endpoint-reconciler-type", "none",
		// No controller makes service accounts, nor takes the finalizers of claims off.
		"--disable-admission-plugins", "ServiceAccount,StorageObjectInUseProtection")
	if err != nil {
		return err
	}
	return c.ready(ctx)
}

// ready waits until the server answers, and has its namespace.
func (c *cluster) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		_, err := c.kubectl(ctx, "get", "namespace", "default")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(c.dir, "kube-apiserver.log"))
			return fmt.Errorf("the server does not become ready: %w\n%s", err, log[max(0, len(log)-4000):])
		case <-time.After(time.Second):
		}
	}
}

// background starts a server, whose output goes to a log.
func (c *cluster) background(name string, args ...string) error {
	log, err := os.Create(filepath.Join(c.dir, name+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	c.servers = append(c.servers, cmd)
	return nil
}

// stop ends the servers, the last first, and removes all that they wrote.
func (c *cluster) stop() error {
	for i := len(c.servers) - 1; i >= 0; i-- {
		cmd := c.servers[i]
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		kill := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // a server that is told to end need not end well
		kill.Stop()
	}
	return os.RemoveAll(c.dir)
}

// kubectl returns what it prints; the error has what it complains of.
func (c *cluster) kubectl(ctx context.Context, args ...string) (string, error) {
	args = append([]string{"--server", c.server, "--token", c.token, "--insecure-skip-tls-verify", "--kubeconfig", os.DevNull}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, "kubectl"), args...)
	// Who edits an object takes its number of copies out.
	cmd.Env = append(os.Environ(), "HOME="+c.dir, "KUBE_EDITOR=sed -i /replicas:/d")
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("kubectl: %w\n%s%s", err, out.Bytes(), complaints.Bytes())
	}
	return out.String(), nil
}

// freePorts are addresses on loopback that nobody listens on.
func freePorts(n int) ([]string, error) {
	var all []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		all = append(all, l.Addr().String())
	}
	return all, nil
}

// writeKey writes a key to sign the tokens of service accounts with.
func writeKey(path string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return os.WriteFile(path, pem.EncodeToMemory(block), 0o600)
}
