import { PortTaken } from './http/listen.ts';
import { optionsFrom } from './options.ts';
import { startSimulator } from './start.ts';

/** The program behind `npm run simulator`. */

const { options, mistakes } = optionsFrom(process.env);
if (!options) {
  console.error("The simulator can't start:");
  for (const mistake of mistakes) console.error(`  ${mistake}`);
  console.error('"npm run dev" makes these up and starts the app and the simulator together.');
  process.exit(1);
}

const simulator = await startSimulator(options).catch((error: unknown) => {
  if (error instanceof PortTaken) {
    console.error(
      `Port ${error.port} is taken. Stop the other program, or choose another port: SIMULATOR_PORT=${error.port + 1} npm run simulator`,
    );
  } else {
    console.error(error instanceof Error ? error.message : error);
  }
  process.exit(1);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}

console.log(`The simulator listens on ${simulator.url}, for the app at ${options.appUrl}`);
