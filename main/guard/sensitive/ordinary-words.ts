/**
 * Words that open sentences or stand with capitals and are no names of people: common English, the desk's trade, places
 * where they are countries or languages (from the runtime's own locale data), organisations by their kind.
 */
const COMMON = `
a about above according across action actually adapt add administrator after again against ago ain all almost along already also always
am american amid among an and animation another answer any anyone anything are around as ask at attached attention aunt away baby back bad
balance bank banking bar battery be because been before began being believe below best better between big bill billing both boy
branch bring brother business but buy by bye call called can cancel cannot capitalized card care carry case cash celebrating change
charge check checking cheers child children cinema city classic clean click clinic close code comedy come company conference
congratulations contact correct could court credit crime current customer dad daddy data date daughter day dear debit deposit desk
did directed direct director do doctor does doing don done door down drama drink driver due during each eight either email end english enjoy
enter enough especially even event ever every everyone everything evil ex example excuse exit family father fax few film finally find fine
first five follow for forget form four free friday friend from full further game general get getting girl give given go god going gold
gone good goodbye got government grand great greetings group guilty guys had half happy has hate have having he head hello help her here hers
hey hi high him his history hold holiday home hope horror hospital hotel hour hours house how however human husband i idea if ignore
important in including information inside instead insurance into is island issue it its job join journey just kids killed king know lady lake
language large last late later leader leave less let life like limit line list listen little live loan local log long look lord lost lots
love low lunch lyrics mail main make man many market marriage masters may maybe me meet meeting member memory men message middle might
mile minute miss mobile mom moment monday money month more morning most mother mountain mouse move movie mr mrs ms much music must my
mystery name named near need never new news next nice nine no nobody none nor north not note nothing now number of off office officer
oh ok okay old on once one online only onto open or order original other others our out over own page part party passport past patient pay
payment people per perhaps person phone photo pick picture pin place plan play please poor possible post pretty price primary princess
problem product professor program public purchase put question quick quite radio read real really reason receive record regards regarding
remember remove rent reply report request respond response return rich right river road room round royal said same saturday say says
school science search second see seen self send senior sent september series service set seven several shall she short should show
side silver simple since single sir sister site six small so social some someone something son song soon sorry south speak
special square stage start state statement station stay still stop store story street strong student such suddenly summer sunday
sure suspense system table take talk tell ten test than thank thanks that the their them then there these they thing things think third this
those though three through thursday time tired title to today together tomorrow tonight too top total town track transfer travel tribute try
tuesday turn two type uncle under university until up update upon us use used user username very via view village visa visit voice
wait walk want war was water way we website wednesday week welcome well were west what whatever when where whether which while white who
whoever whole whom whose why wife will winter wish with within without woman women wonder word words work world would write wrong
yeah year years yes yesterday yet you young your yours zip album artist band beat chart concert drums guitar hit lead singer songs
songwriter sound tour track tune version vocals writer cinematographer producer engineer manager president secretary minister ceo cto
assistant biomedical nurse teacher lawyer designer developer accountant analyst agency dollar dollars euro internet iban ssn atm usa uk
eu un nato un nasa fbi cia bbc mobile hq apt suite floor unit box po desk direct home work cell tel monday january february
march april june july august october november december mon tue wed thu fri sat sun dr prof rev jr sr inc ltd llc corp co plc gmbh
mastercard amex paypal apple google samsung microsoft amazon facebook top-up topup sepa swift chip refund exchange currency crypto
`;
const ORGANISATION =
  /^(inc|incorporated|ltd|limited|llc|corp|corporation|co|company|companies|plc|gmbh|ag|bank|group|holdings|partners|university|college|school|orchestra|band|club|museum|hospital|clinic|foundation|institute|association|society|church|airport|station|hotel|restaurant|theatre|theater|records|lines|airlines|research|consulting|systems|solutions|technologies|services|insurance|capital|finance|financial|media|press|news|weekly|times|magazine|award|awards|festival|league|union|party|department|ministry|office|agency|bridge|mall|center|centre|summit|street|st|road|avenue|ave|lane|boulevard|blvd|square|park|river|lake|mountain|mountains|island|islands|beach|bay|county|state|states|kingdom|republic|stripes|beatles|rolling|software|analytics|investments|associates|global|insight|movers|traffic|motors|energy|foods|labs|stores|electric|airways|trust|mutual|data|pictures|studios|industries|international|app|fee|seller)$/;

const COMMON_WORDS: ReadonlySet<string> = new Set(COMMON.trim().split(/\s+/));
const PLACES: ReadonlySet<string> = placesAndLanguages();

function placesAndLanguages(): Set<string> {
  const known = new Set<string>();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  for (const a of letters)
    for (const b of letters) {
      add(known, regions.of(a + b));
      add(known, languages.of((a + b).toLowerCase()));
    }
  return known;
}

function add(known: Set<string>, name: string | undefined): void {
  for (const word of (name ?? '').toLowerCase().split(/[^\p{L}]+/u)) if (word.length > 3) known.add(word);
}

/** An ordinary English word, or one of the desk's trade. */
export function isCommon(word: string): boolean {
  const plain = word.toLowerCase().replace(/['’](s|re|ve|ll|m|d|t)$/, '');
  return COMMON_WORDS.has(plain) || COMMON_WORDS.has(plain.replace(/s$/, '')) || /n['’]t$/.test(word);
}

/** A country, a language or a people. */
export function isPlace(word: string): boolean {
  const plain = word.toLowerCase().replace(/['’]s$/, '');
  return PLACES.has(plain) || PLACES.has(plain.replace(/s$/, ''));
}

/** A word that says what kind of organisation or place it belongs to. */
export function isOrganisation(word: string): boolean {
  return ORGANISATION.test(word.toLowerCase());
}
