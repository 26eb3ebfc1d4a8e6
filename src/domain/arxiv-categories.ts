/** arXiv’s archives, each with its subject classes (https://arxiv.org/category_taxonomy). Some archives have none. */
const CLASSES: Readonly<Record<string, string>> = {
  'astro-ph': 'CO EP GA HE IM SR',
  'cond-mat': 'dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con',
  cs: 'AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC SD SE SI SY',
  econ: 'EM GN TH',
  eess: 'AS IV SP SY',
  'gr-qc': '',
  'hep-ex': '',
  'hep-lat': '',
  'hep-ph': '',
  'hep-th': '',
  math: 'AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST',
  'math-ph': '',
  nlin: 'AO CD CG PS SI',
  'nucl-ex': '',
  'nucl-th': '',
  physics:
    'acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph',
  'q-bio': 'BM CB GN MN NC OT PE QM SC TO',
  'q-fin': 'CP EC GN MF PM PR RM ST TR',
  'quant-ph': '',
  stat: 'AP CO ME ML OT TH',
}

const CATEGORIES: readonly string[] = Object.entries(CLASSES).flatMap(([archive, classes]) => [
  archive,
  ...(classes === '' ? [] : classes.split(' ').map((each) => `${archive}.${each}`)),
])
const KNOWN = new Set(CATEGORIES.map((each) => each.toLowerCase()))

/** Returns whether arXiv has this archive or category, ignoring case. */
export function isArxivCategory(name: string): boolean {
  return KNOWN.has(name.toLowerCase())
}

/** Returns the categories that a misspelt one may mean: `csCL` and `CL` → `cs.CL`. At most three. */
export function similarCategories(name: string): readonly string[] {
  const letters = lettersOf(name)
  if (letters === '') return []
  const equal = CATEGORIES.filter((each) => lettersOf(each) === letters)
  return (
    equal.length > 0 ? equal : CATEGORIES.filter((each) => lettersOf(each.split('.')[1] ?? '') === letters)
  ).slice(0, 3)
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}
