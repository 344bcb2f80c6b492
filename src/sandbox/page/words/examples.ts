/** Customers to play with; their numbers are kept free for fiction in Sweden (070-174 06 05 to 99). */
export interface Example {
  name: string;
  number: string;
  car: string;
  /** What a salesperson types after `/drive`. */
  typed: string;
}

const ANNA: Example = {
  name: 'Anna Karlsson',
  number: '+46701740650',
  car: 'BMW X5',
  typed: 'Anna Karlsson +46 70 174 06 50 BMW X5',
};

const LARS: Example = {
  name: 'Lars Olsson',
  number: '+46701740651',
  car: 'Volvo XC60',
  typed: 'Lars Olsson +46 70 174 06 51 Volvo XC60',
};

export const EXAMPLES = [ANNA, LARS] as const;

/** Somebody for when the others are taken. */
export const SPARE = { name: 'Eva Lind', car: 'Audi Q4' } as const;
