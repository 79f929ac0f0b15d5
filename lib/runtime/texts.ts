import en from './messages/en.json' with { type: 'json' };
import fil from './messages/fil.json' with { type: 'json' };

/** Everything that people read, by language. */
export const TEXTS = { en, fil } as const;

/** Holds the language that the customer chose. */
export const LANGUAGE_COOKIE = 'locale';
