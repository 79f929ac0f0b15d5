/** One call to the control API. Throws an error whose message says what to do. */
async function call(method, path, body) {
  const response = await fetch(`/_sim/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const json = await response.json();
  if (!response.ok) throw new Error(`${json.message} ${json.mend ?? ''}`.trim());
  return json;
}

export const get = (path) => call('GET', path);
export const remove = (path) => call('DELETE', path);
export const post = (path, body) => call('POST', path, body);
