/**
 * North American area codes by state, province and territory, with the time zones each may lie in (data; NANPA and CNA
 * assignments as of 2026). Overlays stand beside the codes they overlay: they serve the same places. A code that
 * crosses a time zone line carries both zones, the more populous first. Area codes missing here place nobody.
 */
export interface Region {
  country: 'US' | 'CA';
  /** Postal code of the state, province or territory. */
  code: string;
  name: string;
  /** IANA zones of the whole region, the most populous first. */
  zones: readonly string[];
}

const ZONES = {
  E: 'America/New_York',
  C: 'America/Chicago',
  M: 'America/Denver',
  P: 'America/Los_Angeles',
  detroit: 'America/Detroit',
  indiana: 'America/Indiana/Indianapolis',
  kentucky: 'America/Kentucky/Louisville',
  boise: 'America/Boise',
  phoenix: 'America/Phoenix',
  alaska: 'America/Anchorage',
  aleutians: 'America/Adak',
  hawaii: 'Pacific/Honolulu',
  puertoRico: 'America/Puerto_Rico',
  guam: 'Pacific/Guam',
  samoa: 'Pacific/Pago_Pago',
  toronto: 'America/Toronto',
  winnipeg: 'America/Winnipeg',
  regina: 'America/Regina',
  edmonton: 'America/Edmonton',
  fortNelson: 'America/Fort_Nelson',
  vancouver: 'America/Vancouver',
  halifax: 'America/Halifax',
  moncton: 'America/Moncton',
  newfoundland: 'America/St_Johns',
  labrador: 'America/Goose_Bay',
  atikokan: 'America/Atikokan',
  whitehorse: 'America/Whitehorse',
  iqaluit: 'America/Iqaluit',
  rankin: 'America/Rankin_Inlet',
} as const;

type ZoneKey = keyof typeof ZONES;

/** Code, name, then groups of area codes, each with its zones. */
type Row = readonly [code: string, name: string, ...groups: (readonly [codes: string, ...zones: ZoneKey[]])[]];

const UNITED_STATES: readonly Row[] = [
  ['AL', 'Alabama', ['205 251 256 334 483 659 938', 'C']],
  ['AK', 'Alaska', ['907', 'alaska', 'aleutians']],
  ['AZ', 'Arizona', ['480 520 602 623', 'phoenix'], ['928', 'phoenix', 'M']], // the Navajo Nation keeps summer time
  ['AR', 'Arkansas', ['327 479 501 870', 'C']],
  [
    'CA',
    'California',
    [
      '209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 764 805 818 820 831 837 840 858 909 916 925 949 951',
      'P',
    ],
  ],
  ['CO', 'Colorado', ['303 719 720 748 970 983', 'M']],
  ['CT', 'Connecticut', ['203 475 860 959', 'E']],
  ['DE', 'Delaware', ['302', 'E']],
  ['DC', 'District of Columbia', ['202 771', 'E']],
  [
    'FL',
    'Florida',
    ['239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954', 'E'],
    ['448 850', 'C', 'E'],
  ],
  ['GA', 'Georgia', ['229 404 470 478 678 706 762 770 912 943', 'E']],
  ['HI', 'Hawaii', ['808', 'hawaii']],
  ['ID', 'Idaho', ['208 986', 'boise', 'P']],
  ['IL', 'Illinois', ['217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872', 'C']],
  ['IN', 'Indiana', ['260 317 463 765', 'indiana'], ['574 812 930', 'indiana', 'C'], ['219', 'C', 'indiana']],
  ['IA', 'Iowa', ['319 515 563 641 712', 'C']],
  ['KS', 'Kansas', ['316 913', 'C'], ['620 785', 'C', 'M']],
  ['KY', 'Kentucky', ['502', 'kentucky'], ['859', 'E'], ['606', 'E', 'C'], ['270 364', 'C', 'kentucky']],
  ['LA', 'Louisiana', ['225 318 337 457 504 985', 'C']],
  ['ME', 'Maine', ['207', 'E']],
  ['MD', 'Maryland', ['227 240 301 410 443 667', 'E']],
  ['MA', 'Massachusetts', ['339 351 413 508 617 774 781 857 978', 'E']],
  ['MI', 'Michigan', ['231 248 269 313 517 586 616 679 734 810 947 989', 'detroit'], ['906', 'detroit', 'C']],
  ['MN', 'Minnesota', ['218 320 507 612 651 763 924 952', 'C']],
  ['MS', 'Mississippi', ['228 471 601 662 769', 'C']],
  ['MO', 'Missouri', ['235 314 417 557 573 636 660 816 975', 'C']],
  ['MT', 'Montana', ['406', 'M']],
  ['NE', 'Nebraska', ['402 531', 'C'], ['308', 'C', 'M']],
  ['NV', 'Nevada', ['702 725', 'P'], ['775', 'P', 'M']],
  ['NH', 'New Hampshire', ['603', 'E']],
  ['NJ', 'New Jersey', ['201 551 609 640 732 848 856 862 908 973', 'E']],
  ['NM', 'New Mexico', ['505 575', 'M']],
  ['NY', 'New York', ['212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934', 'E']],
  ['NC', 'North Carolina', ['252 336 472 704 743 828 910 919 980 984', 'E']],
  ['ND', 'North Dakota', ['701', 'C', 'M']],
  ['OH', 'Ohio', ['216 220 234 283 326 330 380 419 436 440 513 567 614 740 937', 'E']],
  ['OK', 'Oklahoma', ['405 539 572 580 918', 'C']],
  ['OR', 'Oregon', ['503 971', 'P'], ['458 541', 'P', 'boise']],
  ['PA', 'Pennsylvania', ['215 223 267 272 412 445 484 570 582 610 717 724 814 835 878', 'E']],
  ['RI', 'Rhode Island', ['401', 'E']],
  ['SC', 'South Carolina', ['803 821 839 843 854 864', 'E']],
  ['SD', 'South Dakota', ['605', 'C', 'M']],
  ['TN', 'Tennessee', ['615 629 731 901', 'C'], ['423 729 865', 'E', 'C'], ['931', 'C', 'E']],
  [
    'TX',
    'Texas',
    [
      '210 214 254 281 325 346 361 409 430 469 512 621 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979',
      'C',
    ],
    ['432', 'C', 'M'],
    ['915', 'M'],
  ],
  ['UT', 'Utah', ['385 435 801', 'M']],
  ['VT', 'Vermont', ['802', 'E']],
  ['VA', 'Virginia', ['276 434 540 571 686 703 757 804 826 948', 'E']],
  ['WA', 'Washington', ['206 253 360 425 509 564', 'P']],
  ['WV', 'West Virginia', ['304 681', 'E']],
  ['WI', 'Wisconsin', ['262 274 353 414 534 608 715 920', 'C']],
  ['WY', 'Wyoming', ['307', 'M']],
  ['PR', 'Puerto Rico', ['787 939', 'puertoRico']],
  ['VI', 'US Virgin Islands', ['340', 'puertoRico']],
  ['GU', 'Guam', ['671', 'guam']],
  ['MP', 'Northern Mariana Islands', ['670', 'guam']],
  ['AS', 'American Samoa', ['684', 'samoa']],
];

const CANADA: readonly Row[] = [
  ['AB', 'Alberta', ['368 403 587 780 825', 'edmonton']],
  ['BC', 'British Columbia', ['604', 'vancouver'], ['236 250 257 672 778', 'vancouver', 'edmonton', 'fortNelson']],
  ['MB', 'Manitoba', ['204 431 584', 'winnipeg']],
  ['NB', 'New Brunswick', ['428 506', 'moncton']],
  ['NL', 'Newfoundland and Labrador', ['709 879', 'newfoundland', 'labrador']],
  ['NS', 'Nova Scotia', ['782 902', 'halifax']],
  ['PE', 'Prince Edward Island', ['782 902', 'halifax']],
  [
    'ON',
    'Ontario',
    ['226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 905 942', 'toronto'],
    ['807', 'toronto', 'winnipeg', 'atikokan'],
  ],
  ['QC', 'Quebec', ['263 354 438 450 468 514 579 819 873', 'toronto'], ['273 367 418 581', 'toronto', 'halifax']],
  ['SK', 'Saskatchewan', ['306 474 639', 'regina', 'edmonton']], // Lloydminster keeps Alberta's time
  ['NT', 'Northwest Territories', ['867', 'edmonton']],
  ['NU', 'Nunavut', ['867', 'iqaluit', 'rankin', 'edmonton']],
  ['YT', 'Yukon', ['867', 'whitehorse']],
];

/** Every state, territory and province. */
export const REGIONS: readonly Region[] = [...regionsOf('US', UNITED_STATES), ...regionsOf('CA', CANADA)];

const byAreaCode = new Map<string, Region[]>();
for (const [country, rows] of [['US', UNITED_STATES] as const, ['CA', CANADA] as const]) {
  for (const [code, name, ...groups] of rows) {
    for (const [codes, ...zones] of groups) {
      const region = { country, code, name, zones: zones.map((zone) => ZONES[zone]) };
      for (const areaCode of codes.split(' ')) byAreaCode.set(areaCode, [...(byAreaCode.get(areaCode) ?? []), region]);
    }
  }
}

/**
 * The regions an area code serves, each with only the zones this code lies in; two regions share a few codes. Empty for
 * toll-free, non-geographic and unknown codes.
 */
export function regionsOfAreaCode(areaCode: string): readonly Region[] {
  return byAreaCode.get(areaCode) ?? [];
}

function regionsOf(country: 'US' | 'CA', rows: readonly Row[]): Region[] {
  return rows.map(([code, name, ...groups]) => {
    const zones = new Set(groups.flatMap(([, ...keys]) => keys.map((key) => ZONES[key])));
    return { country, code, name, zones: [...zones] };
  });
}
