// The negative proof. `run --self-check` lets every client report something other than what it got:
// another value, another error, another publication, another close reason, a success for a refusal.
// A case that still passes expects nothing, so there every case has to fail.

/** Changes one line of an adapter; opening a session stays true, or no case would start. */
export function untrue(line) {
  if (line.event) return { event: { ...line.event, args: [...line.event.args, 'untrue'] } };
  if (line.error?.uri) return { id: line.id, error: { ...line.error, uri: 'untrue' } };
  if (line.ok?.args) return { ...line, ok: { ...line.ok, args: [...line.ok.args, 'untrue'] } };
  return line;
}
