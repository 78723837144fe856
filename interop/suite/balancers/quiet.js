// AutobahnJS tells of each reconnect, and looks up how when it is loaded: so this is imported before it.

console.warn = () => {};
