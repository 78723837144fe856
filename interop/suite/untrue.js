// The negative proof. `run --self-check` lets every client report something other than what it got:
// another value, another error, another publication, another close reason, a success for a refusal.
// A case that still passes expects nothing, so there every case has to fail.

/**
 * Changes one line of an adapter. That a session is open stays true, or no case would start; who it
 * is, and why it is not, does not.
 */
export function untrue(line) {
  if (line.event) return { event: { ...line.event, args: [...line.event.args, 'untrue'] } };
  if (line.error?.uri) return { id: line.id, error: { ...line.error, uri: 'untrue' } };
  if (line.error) return { id: line.id, error: { message: 'untrue' } };
  if (line.ok?.details) return { ...line, ok: { ...line.ok, details: { authid: 'untrue' } } };
  if (line.ok?.args) return { ...line, ok: { ...line.ok, args: [...line.ok.args, 'untrue'] } };
  return line;
}
