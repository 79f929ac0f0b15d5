import type { Planted } from './plant.ts';

export const planted: readonly Planted[] = [];
