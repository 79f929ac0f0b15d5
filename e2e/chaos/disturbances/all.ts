import { diskFull } from './disk-full.ts';
import type { Disturbance } from './disturbance.ts';
import { network } from './network.ts';
import { gateCommitKilled, gatePostgresGone, pagePostgresGone } from './outside-postgres.ts';
import { gateSigterm, pageSigterm } from './outside-sigterm.ts';
import { gateZombie } from './outside-zombie.ts';
import { commitKilled, commitLost, postgresGone, postgresSilent } from './postgres.ts';
import { sigterm } from './sigterm.ts';
import { zombie } from './zombie.ts';

export const DISTURBANCES: readonly Disturbance[] = [
  sigterm,
  zombie,
  diskFull,
  postgresGone,
  postgresSilent,
  commitLost,
  commitKilled,
  network,
  pageSigterm,
  gateSigterm,
  gateZombie,
  pagePostgresGone,
  gatePostgresGone,
  gateCommitKilled,
];
