export { createScheduler, type Tick } from './scheduler.ts';
