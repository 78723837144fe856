export function browserCase() { return []; }
