/**
 * Given names and family names that are common in many countries: written by hand for this room, from general
 * knowledge. They only strengthen or weaken what cues and capitals say; a name that is not here is still found by those.
 */
const GIVEN = `
aaron abdul abigail adam adriana adrian agnes agnieszka ahmed aisha alan albert alejandro aleksander alessandra
alessandro alex alexander alexandra alfred ali alice alicia alina alison allison alma amanda amber amelia amina amir amy
ana anastasia anders andrea andreas andreea andrej andrew andrzej angela angelica angelina anita anja ann anna anne
annette annika anthony antonella antonia antonio antti anya april arash aria ariel arjun arthur arturo asger ashley astrid
atsuko audrey august aurora ava axel ayesha barbara bartosz beata beatrice beatriz ben benito benjamin bente bernard
bernardo bertha beth bettina bianca birgit bjorn bob bogdan borna boris brandon brenda brian bridget brigitte bruce bruno
caleb camilla camille carl carla carlo carlos carmen carol carolina caroline caspar catarina catherine cathy cecilia
cecilie celia cesar charles charlotte cheryl chiara chloe chris christian christina christine christopher cindy claire
clara claudia claudio clemens colin connor constance cora cristina cynthia dagmar damian dan daniel daniela danielle
danilo dante daria darius dave david dawn dean deborah debra denise dennis diana diane diego dieter dimitri dimitris
dinah dirk dmitri dmitry dolores dominik donald donna dora doris dorothy douglas dragan duncan dustin dylan eddie edgar
edith eduardo edward edwin eero eileen ekaterina elaine elena eleanor elias elif elina elisa elisabeth elise eliza
elizabeth ella ellen elsa elsie elvira emanuel emil emilia emilie emilio emily emma emmanuel enrico enrique eric erica
erik erika ernst esra esteban esther ethan eugene eva evelyn ewa fabian fabio fatima fausto federico felicia felipe felix
ferdinand fernanda fernando filip fiona florence florian frances francesca francesco francis francisco frank franz fred
freddie frederick frederik frida fritz gabriel gabriela gabriele gary gavin geoffrey george georgia georgios gerald gerard
gerda gerhard giorgio giovanni giulia giuseppe gloria gonzalo gordon grace graham greg gregory greta grzegorz guido
guillermo gunnar gustav hanna hannah hannes hans harold harriet harry hassan hazel heather hector heidi heinrich helen
helena helga henri henrik henry herbert herman hilda hilding hiroshi holger holly hugo ian ibrahim ida ignacio igor ilona
ilse ines inga ingrid irena irene irina iris isaac isabel isabella isabelle ivan ivana jack jackie jacob jacqueline jakob
jakub james jamie jan jana jane janet janina janine jared jasmin jasmine jason javier jay jean jeanne jeff jeffrey jelena
jennifer jenny jens jeremy jerome jerry jesper jesse jessica jesus jill jim jimmy joan joanna joao joaquin joe joel johan
johann johanna johannes john johnny jon jonas jonathan jordan jorge jorgen josef josefa joseph josephine joshua josip jose
jouko jouni joyce juan juanita juha juho jukka jules julia julian juliana julie juliette julio jun jurgen justin justyna
kaarina kaisa karel karen kari karim karin karina karl karla karolina karsten kasper katarina katarzyna kate katerina
katharina katherine kathleen kathryn kathy katie katja katrin katrina kayla keith kelly ken kenji kenneth kevin khaled
kieran kim kimberly kirsten kjell klaus konrad konstantin krista kristen kristian kristin kristina kristine kristof
krzysztof kurt kyle lara larry lars lasse laszlo laura lauren laurence laurent lea leah lee leif leila lena leo leon
leonard leonardo leone leonie leticia lewis liam lidia liisa lilian lillian lily lina linda line lisa liv liz lloyd lois
lorena lorenzo lori lorraine louis louise luc luca lucas lucia luciano lucie lucy luigi luis luisa luiza lukas luke luna
lydia lynn mackenzie madeleine madison magda magdalena magnus mahmoud maja malcolm malin manfred manuel manuela mar
marc marcel marcela marcelo marcin marco marcos marcus marek margaret margareta margarita margit maria mariam marian
mariana marianne marie marija marina mario marion marisa marit marjorie mark marko markus marlene marta martha martim
martin martina marvin mary marzena massimo mateo mateusz mathias mathieu matias matilda matt matteo matthew matthias
maurice mauricio max maximilian maya megan mehmet melanie melissa mercedes michael michaela michal michel michele michelle
miguel mihai mika mikael mike mikhail mikkel mila milan milena milica milos mina ming minna mira miriam miroslav
mirjam mohamed mohammad mohammed moira molly mona monica monika monique morgan morten muhammad mustafa nadia nadine nancy
naomi natalia natalie natasa natasha nathan neil nele nelly nelson nicholas nick nicola nicolas nicole niels niklas
nikola nikolai nikolaj nikos nils nina noah noel noelle nora norbert norma norman nuno nuria oda ola olaf ole oleg olga
oliver olivia olivier omar oscar oskar oswald otto pablo pamela paola paolo patricia patrick patrik patryk paul paula
pauline paulo pavel pawel pedro peggy penelope per percy perla pernille peter petr petra petri petter phil philip
philippe phyllis piero pierre pietro pilar piotr priya rachel rafael rafal ragnar rahul raimund rainer ralph ramon randy
raquel raul ray raymond rebecca regina reinhard rene renata renate ricardo riccardo richard rick rita rob robert roberta
roberto robin rocio rodrigo roger roland rolf roman romeo ronald ronnie rosa rosalie rosemary ross roxana roy ruben
rudolf russell ruth ryan sabina sabine sabrina sakari salma salvatore sam samantha samir samuel sandra sandy sanna santiago
sara sarah sasha sean sebastian selma serena serge sergei sergio seth shannon sharon shaun sheila shirley sigrid silke
silvia simon simona simone sofia sofie solveig sonia sonja sophia sophie stacy stan stanislav stefan stefania stefanie
stefano stella stephanie stephen steve steven stig stina stuart sue sunil susan susana susanne suzanne sven svetlana
sylvia szymon tadeusz tamara tania tanja tanya tara tatiana ted teresa terry thelma theo theodore theresa thomas tiago tiffany
tim timo timothy tina tobias todd tom tomas tomasz tommy toni tony tracy travis trevor tristan troy tuomas tyler ulla ulrich
ulrike ursula uwe vadim valentina valentine valeria valerie vanessa vasily vera verena veronica veronika vicki victor victoria vida
viktor viktoria vilma vincent vincenzo viola virginia vittoria vivian vladimir vojtech walter wanda warren wayne wendy
werner wesley wilhelm will willem william wojciech wolfgang xavier yan yannick yasmin yolanda yuki yulia yuri yusuf yvonne
zachary zahra zdenek zoe zofia zoltan zsofia zuzana
aksel alana alba aldo alexa alexei alfie allan alvaro amalie amalia andrej ane angel angus anika annabel annamaria annelise
annemette annemarie ariana ariane arlene armando arne arnold ashton aidan aiden asya asta audra babette bart bartholomew
beatrix belle bernadette bernice beryl bjarne blanca blanche bodil bojan boyd brad bradley branko brent bret brett brianna
britney britt brittany bronwyn bryan bryce calvin cameron candice carey carina carlotta carly carole caroll casey cassandra
cecil cedric chad chelsea cherie chester claudette cleo cliff clifford clint clinton clyde cody codey cooper corey corinne
cormac courtney craig curtis cyril daisy dalia damir dana dani daphne darko darlene darrell darren darryl davide deirdre
delia della denis derek derrick desmond devin dewey dexter dianne dick dina dmitrij dominic dominique donovan doreen dragana
drago dwayne dwight earl edmund eduard edvard effie eivind eldar elliot elliott ellis elmer elodie eloise elton elvis emre
enid enzo erin ernest ernesto ester estelle etienne eugenia eva-maria evan eve everett ezra fay felicity ferenc fiorella
fleur flora florin floyd fran franca francine francois franklin frauke fredrik frieda gabriella gail garrett gaston gavril
gemma gene genevieve georg georgina geraldine gergely gertrude gian gianluca gianni gilbert gilberto gina gisela giselle
gladys glen glenda glenn goran graciela grant grazia gudrun guy gwen gwendolyn gyorgy haakon hakan halvor hana hanne harald
harley harvey hedda hedwig heike heinz helene helmut herminia hilary hilde hildegard hope horace horst howard hubert hugh
ignatius ike ilia ilya imogen imre ina indira inger ingeborg iona ira irma irving isak isidor isidora isla istvan ivar ivo ivy
jackson jacek jacinta jaime jakov janet janet janice janos jaroslav jarmila jasper javed jeanette jed jenna jeremiah jess
jette jiri joachim joakim joanne jocelyn jodi jody joelle joey jonah jonny joost joris jorunn josie juana judith judy julianne
julius june justine jutta kai kaja kamil kamila kara kareem kathrin kathrine katrine kay kayleigh kelsey kendra kerry kerstin
kinga kirk kirstin kit klara knut kornelia kristel kristoffer krystyna lana lance laila lara larisa laszlo laurel leandro
leanne leda leland lennart leopold leroy leslie lester leticia levi lilly lilith linus lionel lise lisbeth ljubica logan lola
loretta lorna lotte lou lowell luba lucille lucinda ludmila ludovic ludwig luisa lukasz lynne lyle mabel maddie mae maggie maik
malgorzata mandy manon manolo mara marcella marcelle marcia marcin margot mariana maribel maricel mariella marika marilyn marjan
marlon marsha marta marty mary-ann mathilde maura maureen mauro maxim maxime maxine mei melinda melvin mercy meredith merja
mette mia micah micheal mikko mildred miles milo mimi mindy miranda miroslava misha mitchell moritz moses muriel myra myrna
myrtle naoko naomi natascha natasja nathalie nathaniel ned nell nerea nestor neville nicolai nicole niklaus nikita nikolaos
nikolina noemi nola noor norberto odette olaf olav olive oliviero ondrej oriana orlando orsolya otis otmar owen paco paige paloma
pamela paris pascal patrice patrizia patsy pauli pearl pedro peer pekka penny perry petronella philippa phoebe pia pierluigi
polly preston quentin quincy radka radu ralf ramiro ramona randall raoul rasmus raymundo reinaldo remy renato renee rex reza
rhonda rina rodney rodolfo rogelio roman ronan rory rosanna rosario roslyn rowan roxanne ruby rudi rufus ruslan russ ruta sabrina
sadie salim sally salome samira sander santino saskia saul scott seamus selena selina sergiy shane shawn sheldon sherri sherry
sidney siegfried sigurd silas silvana silvio simeon siobhan sissel skye slavko sofija soledad solomon soren spencer stacey stanley
stefanos stelios stephan steen suzanna svend svenja sybil szabolcs tabitha tamas tamsin tanner tariq tatjana terence terrence terri
thaddeus thea thierry thorsten tibor tilda timea tobi tomislav tonya tor torben tore toril torsten tove trine trudy tuomo tyrone
uma unni urban urs valter vaclav valerija vaughn veikko velma verna vernon vesna vibeke vicente vince violet virgil vito vlado
vladislav volker wade wallace walt wendell wilbur wilfred wilhelmina willa willis wilma winifred winston xenia yael yasmine yves
yvette zach zack zara zbigniew zelda zeljko zinaida zora
`;

const FAMILY = `
adams ahmed alexander ali allen alvarez andersen anderson andersson bailey baker barnes bauer becker bell bennett bianchi
brooks brown bryant butler campbell carlsson carter castro chang chavez chen clark clarke collins cook cooper costa cox
cruz davies davis diaz doe dubois edwards eriksson evans fernandez ferrari fischer fisher flores ford foster garcia gibson
gomez gonzales gonzalez graham gray green griffin gupta gutierrez hall hamilton hansen hanson harris harrison hayes
henderson henry hernandez herrera hill hoffmann howard hughes hunt ibrahim ivanov jackson jansen jansson jenkins jensen
jimenez johansen johansson johnson jones jordan joseph kaur kelly kennedy khan kim kowalski kumar larsen larsson lee lewis
li lim lin liu long lopez marino marshall martin martinez mason mcdonald mehta mendoza meyer miller mills mitchell moore
morales moreau moreno morgan morris muller murphy murray myers nakamura nelson newman nguyen nielsen nilsson novak nowak
ortiz owens park parker patel patterson pedersen pereira perez perry peterson petrov phillips popov powell price ramirez
ramos reed reyes reynolds ricci richards richardson rivera roberts robinson rodriguez rogers romano rose ross rossi ruiz
russell russo ryan sanchez sanders santos sato schmidt schneider schulz scott shah shaw silva simmons simpson singh smith
sorensen sousa stevens stewart stone suzuki svensson tanaka taylor thomas thompson torres tran tucker turner vargas vasquez
wagner walker wallace wang ward washington watson weber webb wells west white williams wilson wong wood woods wright wu
yamamoto miles leiva yang young zhang zhao
`;

const fold = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));
const GIVEN_NAMES = fold(GIVEN);
const FAMILY_NAMES = fold(FAMILY);

/** Words that are names and ordinary words too: a name only where something else says so. */
const ALSO_WORDS: ReadonlySet<string> = fold(
  'will may mark bill rose grace hope joy faith april june august jack frank rob ray dean dawn long young green white brown gray hall hill wood stone price cook baker mason hunt park long west ward wells reed rich art pat sue penny max mar per line noel see do an even no yes west ford bell fisher mills young lee august page cruz jay jan miles angel grant earl guy gene dick kit urban victor cliff pearl ruby violet ivy olive daisy mercy urs tor rex dale sally paris logan chad jordan georgia virginia sydney carey casey skye lance ned nell uma ike cat brook brooks reed levi ester drew paige spencer gail misha bart mia noor peer mae lou lola colin dan denis dexter della jess kay kai may june ina ira dana rory mara rina sander tanner cooper perry parker',
);

/** 1: a common given name. 0.5: one that is an ordinary word too. 0: not known. */
export function givenName(word: string): number {
  const plain = plainOf(word);
  if (!GIVEN_NAMES.has(plain)) return 0;
  return ALSO_WORDS.has(plain) ? 0.5 : 1;
}

/** As givenName, for family names. */
export function familyName(word: string): number {
  const plain = plainOf(word);
  const known =
    FAMILY_NAMES.has(plain) ||
    // Patronymics and endings that family names have in several languages.
    /^\p{L}{3,}(sson|ssen|dottir|dóttir|ovic|ović|ević|evic|escu|enko|owski|owska|ewski|ová|yan|shvili|dze)$/u.test(
      plain,
    );
  if (!known) return 0;
  return ALSO_WORDS.has(plain) ? 0.5 : 1;
}

function plainOf(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s$/, '')
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o');
}
