/** Why something cannot be listened on, as an operator understands it. */

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use',
  EACCES: 'not permitted',
  EADDRNOTAVAIL: 'this host has no such address',
};

/** Gives Node's error (EADDRINUSE, EACCES ...) a message that says where and why; others stay as they are. */
export function explainListenError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  error.message = `cannot listen on ${where}: ${WHY[code] ?? code}`;
  return error;
}
