import type { Settings } from '../base/env.ts';
import { armFaultPoint, type Reach, reachNothing } from '../base/fault-points.ts';

/** Kills or freezes this very process at the point that `FAULT_POINT` names; else nothing happens anywhere. */
export function reachOf(settings: Pick<Settings, 'FAULT_POINT'>): Reach {
  return settings.FAULT_POINT
    ? armFaultPoint(settings.FAULT_POINT, (fault) =>
        process.kill(process.pid, fault === 'freeze' ? 'SIGSTOP' : 'SIGKILL'),
      )
    : reachNothing;
}
