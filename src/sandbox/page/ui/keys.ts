/** A key for parts that have no name of their own and never change places. */
export const keyOf = (index: number): string => `n${index}`;
