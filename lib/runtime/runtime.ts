import { readSettings, type Settings } from '../base/env.ts';
import { oncePerProcess } from '../base/process.ts';
import { buildRuntime, type Runtime } from './build.ts';

/** Settings of this process. @throws SettingsError */
export function processSettings(): Settings {
  return oncePerProcess('settings', () => readSettings(process.env, process.env.NODE_ENV === 'production'));
}

/** The one runtime of this process, made at its first use. */
export function runtime(): Promise<Runtime> {
  return oncePerProcess('runtime', () => buildRuntime(processSettings()));
}
