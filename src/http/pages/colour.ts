export * from '../../lib/colour.ts';
