// As much of a browser's XMLHttpRequest as AutobahnJS's long-poll needs, which Node.js has not.

import http from 'node:http';

const agent = new http.Agent({ keepAlive: true });

// A browser would send these at once over several connections, in whatever order they arrive; here
// one waits for the other, as it does over one connection.
let sent = Promise.resolve();

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
      sent = sent.then(() => this.#ask(body));
    } else {
      this.#ask(body);
    }
  }

  #ask(body) {
    return new Promise((done) => {
      const end = () => {
        this.readyState = 4;
        this.onreadystatechange();
        done();
      };
      const headers = { ...this.#headers, 'Content-Length': Buffer.byteLength(body) };
      http
        .request(this.#url, { method: this.#method, agent, headers }, (answer) => {
          this.status = answer.statusCode;
          this.statusText = answer.statusMessage;
          answer.setEncoding('utf8');
          answer.on('data', (text) => (this.responseText += text));
          answer.on('end', end);
        })
        .on('error', end)
        .end(body);
    });
  }
}
