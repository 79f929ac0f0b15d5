/** A call as a command, with its masked secrets as shell variables, to be tried by hand. */

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** What the log masks reads `eyJ…abcd` or similar: nobody can send that. */
const VARIABLES = [
  [/^authorization$/i, 'CLIENT_AUTHORIZATION'],
  [/^x-authorization$/i, 'CUSTOMER_AUTHORIZATION'],
];

const SKIPPED = /^(host|connection|content-length|accept-encoding|user-agent|transfer-encoding)$/i;

const headerArgument = ([name, value]) => {
  const variable = VARIABLES.find(([pattern]) => pattern.test(name))?.[1];
  return variable ? `-H "${name}: $${variable}"` : `-H ${quoted(`${name}: ${value}`)}`;
};

/** @param base address that the path belongs to */
export function asCommand({ method, path, request }, base) {
  return [
    `curl -X ${method} ${quoted(base + path)}`,
    ...Object.entries(request.headers)
      .filter(([name]) => !SKIPPED.test(name))
      .map(headerArgument),
    ...(request.body ? [`--data ${quoted(request.body)}`] : []),
  ].join(' \\\n  ');
}
