import { openWorlds } from './e2e/simulation/run/worlds.ts';
const w = await openWorlds();
for (let s = 1; s <= 60; s++) await w.runSeed(s);
const cpu = process.cpuUsage();
const N = Number(process.argv[2] ?? 400);
for (let s = 1000; s < 1000 + N; s++) await w.runSeed(s);
const u = process.cpuUsage(cpu); console.log('cpu ms per world', (u.user + u.system) / 1000 / N);
