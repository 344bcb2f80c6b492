export { createScheduler, type Scheduler, type Tick } from './scheduler.ts';
