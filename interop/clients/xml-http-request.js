// As much of a browser's XMLHttpRequest as AutobahnJS's long-poll needs, which Node.js has not.

import http from 'node:http';
import https from 'node:https';

const plain = { ask: http.request, agent: new http.Agent({ keepAlive: true }) };
const secure = { ask: https.request, agent: new https.Agent({ keepAlive: true }) };

// A browser would send these at once over several connections, in whatever order they arrive; here
// one waits for the other, as it does over one connection. URL to the last one's end.
const sent = new Map();

export class XMLHttpRequest {
  #method;
  #url;
  #headers = {};
  readyState = 0;
  status = 0;
  statusText = '';
  responseText = '';
  onreadystatechange = () => {};

  open(method, url) {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  send(body = '') {
    if (this.#url.endsWith('/send')) {
      const before = sent.get(this.#url) ?? Promise.resolve();
      sent.set(this.#url, before.then(() => this.#ask(body ?? '')));
    } else {
      this.#ask(body ?? '');
    }
  }

  #ask(body) {
    return new Promise((done) => {
      const end = () => {
        if (this.readyState === 4) return;
        this.readyState = 4;
        this.onreadystatechange();
        done();
      };
      const cut = () => {
        this.status = 0;
        end();
      };
      const headers = { ...this.#headers, 'Content-Length': Buffer.byteLength(body) };
      const { ask, agent } = this.#url.startsWith('https:') ? secure : plain;
      const request = ask(this.#url, { method: this.#method, agent, headers }, (answer) => {
        this.status = answer.statusCode;
        this.statusText = answer.statusMessage;
        answer.setEncoding('utf8');
        answer.on('data', (text) => (this.responseText += text));
        answer.on('end', end);
        answer.on('error', cut);
      });
      request
        // Like a browser: a connection that was closed while it was not in use has carried nothing.
        .on('error', () => (request.reusedSocket && !this.status ? this.#ask(body).then(done) : cut()))
        .end(body);
    });
  }
}
