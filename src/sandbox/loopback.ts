export * from '../lib/loopback.ts';
