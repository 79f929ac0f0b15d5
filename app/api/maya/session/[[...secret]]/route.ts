import { handOff, methodNotAllowed } from '#lib/runtime/handlers.ts';

/** The Session URL: Maya hands over a customer's tokens and gets a one-time `sessionId`. */
export async function POST(request: Request, { params }: { params: Promise<{ secret?: string[] }> }) {
  return handOff(request, (await params).secret ?? []);
}

const notAllowed = () => methodNotAllowed('POST');

export {
  notAllowed as DELETE,
  notAllowed as GET,
  notAllowed as HEAD,
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as PUT,
};
