"""Invented articles: lakes, forests and ice, and the trades that live from them."""

from .records import CLOSING, Article, Embed, FactBox, Figure, Gallery, Photo, PullQuote, Related, Text

LAND: tuple[Article, ...] = (
    Article(
        headline="The lake that lost its edges: a year with the people who measure its shore",
        standfirst="Wular has been drawn on maps in a dozen shapes. Six villagers with a rope, a boat and a box of stakes set out to learn which of them is true.",
        section="environment",
        topics=("lakes-and-rivers", "snow-and-glaciers", "tourism"),
        authors=("tafazul-wagay",),
        hours_ago=19,
        photo=Photo(
            "lake-149",
            "Drawing of a broad lake at dawn with a boat and its reflection.",
            "A drawing of a wide lake at first light, made for this report.",
        ),
        blocks=(
            Text("""<p>The first stake went in on a cold morning in March, at a place where Ali Mohammad Gojwari’s grandfather used to moor his boat. It was driven by hand with a wooden mallet, in the middle of a field of mustard. The water was eight hundred metres away.</p>
<p>“My father told me that this was the shore, and I did not believe him,” Mr Gojwari said. “Then we dug a little and found the ring.” It was of iron, as thick as a thumb, set in a stone that nobody had needed for half a century. He has it at home on a shelf.</p>
<p>Wular, in the north of the valley, is a large lake that cannot keep still. The Jhelum runs in at one end and out at the other and brings with it the silt of half the hills in Kashmir. In a wet May it spreads over fields and lanes. By November one may walk dry-shod across what was open water at midsummer. Every map gives it a different outline, and each was right for a week or two.</p>
<p>That is awkward for anybody who has to decide where the lake ends: who may plant there, who may build, where the reeds belong to everyone and where to someone. So last winter six people from the villages of Dudkul and Hakbal, on the eastern side, agreed to go and see.</p>
<h2>A rope with ninety knots</h2>
<p>Their method would have been understood by anyone in the past thousand years. They have a rope of ninety metres with a knot at each metre. They have a flat boat, a long pole marked in red and white, and four hundred willow stakes, of which each carries a number burned in with a hot nail.</p>
<p>On the first day of every month they begin at the iron ring and work along the edge of the water, wherever it may be. They put in a stake every ninety metres. They note the depth one boat’s length out, and what is growing. A schoolteacher, Shaheena Dulloo, writes it down in a ledger with a marbled cover; she is the only one of the six whose handwriting the others can all read.</p>
<p>It takes four days. In April, when the water came up in the night and carried off sixty stakes, it took seven.</p>"""),
            PullQuote(
                "People ask who gave us permission to measure. I ask them who gave the water permission to leave.",
                "Shaheena Dulloo, keeper of the ledger",
            ),
            Text("""<p>They are not paid. The boat belongs to Mr Gojwari’s cousin, who is given a share of any fish. A cooperative society lent them the mallet and has asked twice to have it back.</p>
<h2>What the ledger says</h2>
<p>The ledger now holds twelve months. Between its highest line, in the third week of May, and its lowest, in the first of November, the shore on their side moved by an average of 1.3 kilometres. At one place, a shallow bay below Hakbal, it moved by four.</p>
<p>That was expected. What was not is the shape of the loss. The six had thought that the lake was shrinking from its edges, like a drying cloth. Their soundings suggest instead that it is filling from the middle. Where the river enters, a tongue of mud has grown nearly three hundred metres longer in a single year, and the water on both sides of it has become too shallow for a laden boat.</p>
<p>A hydrologist at a college in the town, Dr Irfana Kashoo, has checked their figures against pictures taken from space. They agree to within ten metres nearly everywhere. “I have instruments that cost more than their village school,” she said. “They have been there on the first of every month, and I have not. It is the better data set.”</p>"""),
            FactBox(
                "The lake in figures",
                """<ul><li>Stakes set in a year: 412, of which 61 were lost to one night in April.</li>
<li>Furthest that the shore moved: 4.0 kilometres, in the bay below Hakbal.</li>
<li>Days on which all six came: 43 of 48.</li></ul>
<p>The figures are from the ledger of Dudkul and Hakbal. They are invented, as the ledger is.</p>""",
            ),
            Figure(
                "river-151",
                "Drawing of a river looping across a flat valley of small fields, under a bridge.",
                "A drawing of a river bringing its silt down to the flat land.",
            ),
            Related("Lake weed, once dumped on the shore, is sold as compost by the sack"),
            Text("""<h2>The willows in the way</h2>
<p>Some of the causes are old. Two generations ago willows were planted on the lake bed by the hundred thousand, to supply firewood and timber for fruit boxes. Their roots hold silt as a comb holds wool. Part of the plantation has been cut since then and the ground beneath it dug out, and on those stretches the ledger shows half a metre more of water than a year ago.</p>
<p>Others are recent. The hillsides upstream have been cut for roads, and after each storm the streams run the colour of tea. Snow in the mountains melts earlier and faster. The flood that used to arrive over six weeks now comes in three, and carries stones.</p>
<p>None of this is news to the people who gather water chestnuts. Zooni Begum, who is past seventy, has collected them since she was a girl, from a boat, by feeling for them with her feet. “You can tell the depth by where the cold begins,” she said. “It used to begin at my chest. Now it begins at the knee.” Last autumn she brought home eleven sacks. In her best year it was sixty.</p>
<h2>A line that people can live with</h2>
<p>In August the six took the ledger to the district office. They had expected to be thanked and sent away. Instead they were given tea, and then a room, and then the attention of a surveyor who had been told in the spring to fix the boundary of the lake, and had been sitting since then with five maps, no two alike.</p>
<p>The proposal that came out of those meetings has not been approved. But it is simple, and so far nobody on the shore has opposed it. It would draw not one line but two. Inside the lower, which the water covers for at least ten months of the year, nothing may be planted, fenced or built. Between the lower and the upper people may go on as they do now, with vegetables and grazing, in the knowledge that the lake will have its turn. Above the upper line the land is land.</p>"""),
            PullQuote(
                "It used to begin at my chest. Now the cold begins at the knee.",
                "Zooni Begum, who gathers water chestnuts",
            ),
            Figure(
                "mountains-157",
                "Drawing of ridges behind a plain, the farthest of them pale with snow.",
                "A drawing of the hills from which the water, and the silt, comes down.",
            ),
            Gallery(
                "The shore through one day",
                (
                    Figure(
                        "lake-268",
                        "Drawing of a boat among lotus leaves, with hills beyond the water.",
                        "A drawing of a boat on a lake in the growing season.",
                    ),
                    Figure(
                        "river-281",
                        "Drawing of a wide bend in a river with poplars and a bridge.",
                        "A drawing of a bend in a river.",
                    ),
                ),
            ),
            Embed(
                "https://www.openstreetmap.org/#map=11/34.36/74.55",
                "Map: the north of the valley, with the lake that the six measure",
            ),
            Text("""<p>“A single line makes an enemy of everyone on the wrong side of it,” said the surveyor, who is not allowed to give his name. “Two lines make a neighbourhood.”</p>
<h2>The second year</h2>
<p>It would be wrong to make too much of a rope. The tongue of mud will not be stopped by stakes. Dredging it would cost more than the district spends on everything, and the mud would come again. The six know that. What they have done is to take away one excuse, that nobody could say where the lake was.</p>
<p>They have also been asked to do it elsewhere. People from three villages on the western side came in October to watch, and went home with a rope of their own. Dr Kashoo’s students are to copy the ledger, page by page, so that there will be two. A tour operator has asked whether visitors might pay to come along, and was told that they might, provided that they carried the mallet.</p>
<p>On the first of this month there was frost on the reeds and a skin of ice in the bay. The six were out by seven all the same. They started, as always, at the mustard field, where the stake with the number one has taken root and put out a green shoot as long as a hand. Shaheena Dulloo wrote that down too. There is no column for it, so she put it in the margin.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Glacier survey finds its stakes standing a metre further out of the ice",
        standfirst="A team from a valley college has measured one small glacier every autumn for nine years. This year’s loss is the largest, and it was not the warmest year.",
        section="environment",
        topics=("snow-and-glaciers", "lakes-and-rivers"),
        authors=("tafazul-wagay",),
        hours_ago=53,
        photo=Photo(
            "mountains-265",
            "Drawing of white peaks above dark ridges, with mist between them.",
            "A drawing of high peaks and ridges in haze.",
        ),
        blocks=(
            Text("""<p>The stakes are of bamboo, six metres long, and every autumn they are drilled into the ice until only a hand’s breadth shows. A year later somebody climbs up with a tape measure to see how much of each is standing in the air. That is how much glacier has gone.</p>
<p>On the small glacier above Harwat this year’s answer is 1.9 metres on average, against 0.9 last year. It is the greatest loss since a team from a college in the town set its first stakes nine years ago. One, near the snout, was found lying on bare rock.</p>
<p>“We checked it three times,” said Dr Samiya Andrabi Kral, who leads the survey. “Then we sat down and had our tea, because there was nothing else to check.”</p>
<h2>Not the heat but the dust</h2>
<p>The summer was warm, but two of the past nine were warmer. What differed was the snow. So little fell last winter that the ice was bare by the middle of May, six weeks early. Bare ice is darker than snow, and this ice was darker than usual: in spring, winds had left a film of dust on it as fine as flour. Dark ice takes in more sun. The team’s instruments recorded that it was reflecting a quarter of the light, where clean snow reflects nearly all.</p>
<p>For the people below, a melting glacier at first means more water and not less. The stream at Harwat ran high until September, and the rice was good. Dr Kral’s figures suggest that the flow will reach its peak within fifteen years and decline from then on.</p>
<p>The village has begun to think about that. It has repaired two old ponds, and a third is to be dug where snowmelt can be held until June. The survey’s budget, about four lakh rupees a year, has been renewed for three years, with a line for new bamboo.</p>
<p>They drilled the stakes in again before coming down. All sixteen were set deeper than before, the one by the snout a little higher up.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Lake weed, once dumped on the shore, is sold as compost by the sack",
        standfirst="A women’s group at Astanbal turns sixty tonnes of weed a month into a dark crumbly earth. Saffron growers and rose gardeners are on the waiting list.",
        section="environment",
        topics=("lakes-and-rivers", "saffron"),
        authors=("tafazul-wagay", "sohrab-lidri"),
        hours_ago=101,
        photo=Photo(
            "lake-268",
            "Drawing of a boat among lotus leaves, with hills beyond the water.",
            "A drawing of a boat on a lake in the growing season.",
        ),
        blocks=(
            Text("""<p>Cutting weed is the easy part. Machines have been doing it on the lake at Astanbal for years, and the wet heaps were left along the shore, where they stank, and where most of the goodness ran back into the lake with the first rain and fed more weed.</p>
<p>Since April the heaps have had somewhere to go. Thirty-four women from the lakeside quarter of Hakbal meet the barges at a concrete yard behind the pumping station. They spread the weed, turn it, mix it with straw and cow dung and let it alone for seventy days. What comes out is black, smells of woodland and sells for 180 rupees a sack.</p>
<p>“The first month I did not tell my husband what the job was,” said Dilshada Bhat Gurgari, who manages the yard. “The second month I told him what it paid.”</p>
<h2>A thermometer and a nose</h2>
<p>The group was trained for a week by an agricultural college, and has since improved on what it was taught. Lotus stems rot too slowly and are picked out for fodder. Pond scum goes on in thin layers only. The heart of each heap must reach sixty degrees, to kill seeds, and every morning somebody pushes in a thermometer on a long rod. Mrs Gurgari admits that she can tell by the smell.</p>
<p>Tests for metals, which the buyers asked for, have been clean apart from one batch cut beside a petrol station. It was thrown away, and the barge no longer goes there.</p>
<p>The yard takes in about sixty tonnes a month and could take a hundred. Each tonne, the college reckons, removes two kilos of nitrogen from the lake for good.</p>
<p>Orders are ahead of supply. The largest comes from saffron growers on the plateau near Pampore, whose soil is tired, and the smallest from a retired judge, for one sack, by letter, with a stamped envelope for the reply.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="The gauge reader of Bonwari has noted the height of the river for three decades",
        standfirst="Her notebooks show the Jhelum falling lower each October and rising faster each spring. Engineers have started to ask if they may borrow them.",
        section="environment",
        topics=("lakes-and-rivers", "snow-and-glaciers"),
        authors=("tafazul-wagay",),
        hours_ago=182,
        photo=Photo(
            "river-281",
            "Drawing of a wide bend in a river with poplars and a bridge.",
            "A drawing of a bend in a river.",
        ),
        blocks=(
            Text("""<p>At eight in the morning and at five in the afternoon Rahti Begum Hanji walks down forty-one steps to the river, looks at a painted board and writes a number in a notebook. She has done so since she was nineteen, when her father’s eyes grew weak and he asked her to read the board for him. The notebooks, seventy-three of them, fill a tin trunk.</p>
<p>The job was never quite hers. It was her father’s, and when he died the department went on sending his pay, about the price of a good pair of shoes each month, to the same address. Eight years ago an auditor noticed that the reader was a hundred and four. She was then appointed in her own name.</p>
<h2>Lower, later, faster</h2>
<p>There are electronic gauges now, and they report every quarter of an hour. But they go back only twelve years, and one was lost in a flood, which is when a gauge is most wanted. A young engineer, Danish Mukhtar Loan, looking for older figures, was told about the trunk.</p>
<p>It took him and two students five months to type up the numbers. The lowest level in October has dropped by about sixty centimetres over the period. The spring rise starts eleven days earlier. And the time in which the river climbs its first metre, which used to be nine days, is now between four and five.</p>
<blockquote><p>“I knew about the spring,” Mrs Hanji said. “The steps told me. There used to be time to bring the washing up.”</p></blockquote>
<p>Her readings are steady to within a centimetre or two, Mr Loan found, except for one week in which every number is the same. She explained that it was the week of her wedding, and that her brother had not gone down to look.</p>
<p>The department now plans to copy the notebooks of twenty-two other readers along the river. It has had new boards painted, and Mrs Hanji has been asked to train a successor. She has chosen a granddaughter, who is twelve and already owns a pencil on a string.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Every chinar in Sheerbagh now has a number, an age and someone to look after it",
        standfirst="A census found 418 of the great trees in one town, 96 more than the register. It also found which of them are hollow, and which only look it.",
        section="environment",
        topics=("tourism", "roads"),
        authors=("tafazul-wagay",),
        hours_ago=242,
        photo=Photo(
            "chinar-179",
            "Drawing of a huge chinar tree in red autumn leaf, with leaves drifting to the ground.",
            "A drawing of a chinar in autumn.",
        ),
        blocks=(
            Text("""<p>Number 1 stands in front of the old post office and measures eleven metres round. Number 418 is as tall as a goat and grows from a crack in the wall of the veterinary hospital. Between the two, on small plates of zinc, hang the numbers of all the chinars in Sheerbagh.</p>
<p>The town had a register already. It listed 322 trees, including nine that have been gone for years and one that turned out to be a walnut. Over six weeks this autumn, when the leaves make them easy to find, botany students and a retired forester went from garden to garden and counted again.</p>
<p>They measured each trunk at the height of a person’s chest, sounded it with a wooden hammer, and judged its age. The oldest is put at about 380 years. A third were planted in the last forty, chiefly in schoolyards.</p>
<h2>Hollow is not dead</h2>
<p>Of trees that had been reported as dangerous, fifty-five in number, only seven proved to be so. Most of the rest are hollow, which is how a chinar grows old. The outer wood does the work. One in the brickmakers’ quarter has housed a cobbler, a tea stall and, at present, a barber with one chair.</p>
<p>“People see a hole and send for a saw,” said Abdul Hamid Bona, the forester. “I tell them, wait. This tree has seen off four generations of your family, and it was hollow for three.”</p>"""),
            PullQuote(
                "This tree has seen off four generations of your family, and it was hollow for three.",
                "Abdul Hamid Bona, forester",
            ),
            Text("""<p>Each tree now has a keeper. It may be the householder, a class of pupils or a shop. The keeper signs a card and promises to look at the tree once a month, to keep cement and parked cars away from the roots, and to telephone if something seems wrong. By last week 371 had been signed for.</p>
<p>The trees that remain stand mostly along the main road, which is to be widened in two years. Their plates are already up. The engineer for the road, who came to the final meeting, took a copy of the map and signed for number 206.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Bells, lamps and dogs: orchard guards try gentler ways with hungry bears",
        standfirst="Black bears come down for the last pears before winter. A village that used to meet them with fire now meets them with noise, and sleeps a little better.",
        section="environment",
        topics=("apple-harvest", "snow-and-glaciers"),
        authors=("tafazul-wagay",),
        hours_ago=342,
        photo=Photo(
            "orchard-181",
            "Drawing of rows of fruit trees heavy with red fruit and crates stacked below them.",
            "A drawing of an orchard shortly before the picking.",
        ),
        blocks=(
            Text("""<p>The bear came at twenty to three, over the north wall, where it always comes. It touched a string. The string shook a branch hung with tin plates and cow bells, and two lamps run by a motorcycle battery came on. The bear sat down. It thought for a while, its watchers say, and then it went back over the wall, taking nothing.</p>
<p>That was one night out of thirty-eight this autumn on which bears visited the orchards of Poshwan. In other years they would have been met with burning torches and dogs, and each year somebody was hurt. This time nobody has been, and neither has any bear.</p>
<p>The village lies where the forest ends. In October, when acorns are few and the winter sleep is near, a bear needs some twenty thousand calories a day, and a pear tree is a good place to find them. Growers lost perhaps 300 boxes last year.</p>
<h2>Four rules on a card</h2>
<p>Wildlife officers and the growers’ association drew up a simple routine, and printed it:</p>
<ul><li>Pick the rows beside the forest first.</li><li>Leave no fallen fruit within fifty paces of the wall.</li><li>Ring, light, shout, in that order; then stop, and leave the bear a way out.</li><li>Never go alone, and never go between a bear and the trees.</li></ul>
<p>The first did most of the good. Early pears fetch a little less, but the rows by the wall were bare by the time that the bears came for them.</p>
<p>Farooq Shera Chopan, who has guarded orchards for twenty years and carries a scar on his forearm, was hard to persuade. “I thought it was a plan by people who sleep in towns,” he said. He now moves the strings each evening, since bears learn. One has already found the gap beside the pump house.</p>
<p>Losses this year came to forty-one boxes. The association has voted to leave one tree unpicked at the top of the slope, outside the wall, by way of rent.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="First sixty houseboats are joined to a sewer, and the water begins to clear",
        standfirst="A floating pipe collects what used to go straight into the lake. Owners who feared for the look of their boats say that guests have noticed only the smell, or its absence.",
        section="environment",
        topics=("houseboats", "lakes-and-rivers", "tourism"),
        authors=("tafazul-wagay",),
        hours_ago=462,
        photo=Photo(
            "houseboat-191",
            "Drawing of a carved wooden houseboat moored on calm water.",
            "A drawing of a houseboat at its mooring.",
        ),
        blocks=(
            Text("""<p>It looks like a grey snake, it is as thick as a man’s leg, and it lies half under water along the backs of sixty houseboats at Astanbal. Tariq Gassi Wani, whose family has let rooms on the lake for four generations, had been against it. “I said that no one would come to look at a drain,” he recalled. “No one does. They look at the kingfisher, which has come back.”</p>
<p>The pipe was joined up in August. Each boat has a small tank with a pump that sets to work when the tank is three quarters full; the pipe takes its load ashore to a treatment plant behind the bus station. Until then everything went overboard, as it always had.</p>
<p>Samples taken beside the moorings before the work, and again in October, show that harmful bacteria have fallen by more than four fifths. The water is still not fit to drink. A teaspoon, lowered on a thread by this reporter, could be seen at a depth of 1.4 metres. In June it vanished at half a metre.</p>
<h2>Who pays for the pump</h2>
<p>The district paid for the pipe and owners for their tanks, at 45,000 rupees apiece, in twelve instalments. Five boats could not manage it. The owners’ association covered the first payment for them out of a fund that is meant for funerals, on the argument that the lake was the one that was dying.</p>
<p>There have been teething troubles. Two pumps froze on the first cold night and have since been wrapped in felt by a saddle maker. In a storm one length of the pipe came loose and was recovered by children, who asked for a reward and settled for a ride.</p>
<p>About 340 boats remain. The next hundred are to be joined by the summer, if the treatment plant, which has room for 220, is enlarged in time. A decision on that is expected before the new year, and the association has invited the whole committee to come and stay on a boat that has not yet been connected.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Pupils at forty schools will measure the snow, and teach the forecast to be local",
        standfirst="A ruler, a white board and a form with five lines: the weather office hopes that children can fill in the blank spaces between its few stations.",
        section="environment",
        topics=("schools", "snow-and-glaciers"),
        authors=("nuzhat-kralwari", "tafazul-wagay"),
        hours_ago=621,
        photo=Photo(
            "school-193",
            "Drawing of a long school building with tall windows and a bare tree in its yard.",
            "A drawing of a village school before winter.",
        ),
        blocks=(
            Text("""<p>The weather office knows very well how much snow falls at the airport. It has five stations for the whole of the valley and the hills round it, and none between 1,700 metres and 2,600, which is where most of the villages are. What happens there it works out by arithmetic. Last January the arithmetic said twenty centimetres for Lidru. The roofs of Lidru said seventy.</p>
<p>This winter the gap will be filled by children. Forty schools have each been given a board painted white, a wooden ruler as tall as a ten-year-old, and a form. At eight every morning two pupils will go out and measure how much has fallen since the day before, sweep the board and send in the figure by telephone.</p>
<p>“It has to be new snow, and it has to be swept,” said Mehnaz Chesti Pir, a forecaster who spent October driving from school to school with rulers on the roof of her car. “Those are the two things. A child of nine understands it at once. With a headmaster I usually have to explain.”</p>
<h2>Holidays are the trouble</h2>
<p>The difficulty is that schools close for the winter just when the snow begins. So the boards go to the pupils’ own yards. Each school has chosen four families who live close by and will take it in weekly turns. There is a certificate at the end and, for the household that misses no morning, a thermometer.</p>
<p>A trial with six schools ended in March. The children were within two centimetres of a trained observer nine times out of ten. The worst error, a reading of 140, was traced to a drift, a dog and a bet.</p>
<p>The figures will appear each day on a public map, with the name of the school beside each. Ploughs will use it, and so will avalanche wardens. At Lidru the first pair has been picked by lot. They have practised with flour.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Winter duck count rises for a third year on the marshes below Hakbal",
        standfirst="Forty volunteers with borrowed telescopes counted 212,000 birds of twenty-nine kinds at dawn. One of the kinds had not been seen there for two decades.",
        section="environment",
        topics=("lakes-and-rivers", "tourism"),
        authors=("tafazul-wagay",),
        hours_ago=703,
        blocks=(
            Text("""<p>One counts ducks by tens. A flock is on the water; one finds ten, fixes in the mind how much room they take up, and lays that piece across the rest like a stencil. Then everything takes off and one begins again.</p>
<p>Forty people did so for three dawns running on the marshes below Hakbal, from towers, embankments and one slow boat. Their total, released on Friday, is 212,000 birds, up from 187,000 a year ago and 160,000 the year before. Mallard, teal and pintail make up most of it. There were 4,100 greylag geese, which are hard to miss.</p>
<h2>A bird with a blue bill</h2>
<p>The surprise was eleven white-headed ducks. They are small, stiff-tailed birds with bills of a blue that looks painted. Nobody had recorded one on these marshes for twenty years. They were found by a seventeen-year-old, Aqib Rather Shah, who was on his first count and did not know that they were rare. “I asked what the blue ones were,” he said, “and everyone became very quiet, and then very rude to each other about the telescope.”</p>
<p>The organisers are careful about the reasons. A dry autumn elsewhere may have pushed birds together here. But the marshes have also been better kept. Two sluices mended last year now hold water until March. A ditch that drew it off to a brickworks has been closed. And wardens, of whom there used to be three, are eleven.</p>
<p>Shooting has been forbidden for years and went on nonetheless. The wardens found nine nets and two punt guns this season against more than sixty of each a few winters ago. One of the guns was handed in by its owner, who is now a warden.</p>
<p>Visitors may watch from the northern tower on any morning until the end of February. They are asked to be there before seven, to leave radios at home and to let the person with the list have the good chair.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Last apples leave Harwat with prices up a fifth and the roads open",
        standfirst="It was a smaller crop and a better year. Growers who held on to their fruit did best, and for once the lorries did not have to wait.",
        section="business",
        topics=("apple-harvest", "roads"),
        authors=("sohrab-lidri",),
        hours_ago=70,
        photo=Photo(
            "orchard-197",
            "Drawing of apple trees in rows with full crates standing in the grass.",
            "A drawing of apple trees and crates at the end of the harvest.",
        ),
        blocks=(
            Text("""<p>The scales at the fruit market of Harwat were wiped down on Sunday night and covered with a sheet. Over eleven weeks they had weighed 2.3 million boxes of apples, about a tenth fewer than a year ago, and for each of them the grower had been paid, on average, a fifth more.</p>
<p>The crop was cut by hail in May, which fell in a strip four kilometres wide and spared the rest. Fruit that survived was large and well coloured, thanks to cool nights in September. Red Delicious of the best grade opened at 1,050 rupees a box and closed at 1,240.</p>
<h2>The lorries that did not wait</h2>
<p>What pleased people most was the highway. In an ordinary autumn, landslips and queues hold up lorries for days at a time. Apples keep, but they do not improve. This year a separate lane of departure for fruit, from midnight until six, was kept open on 71 nights out of 77. Of the boxes that set out from Harwat fewer than one in two hundred were reported spoiled on arrival. Last year it was one in thirty.</p>
<p>“I slept,” said Bashir Tser Padar, who sends out about 6,000 boxes. “Put that in your newspaper. In October a grower slept.”</p>
<p>Small orchards did less well. A family with fifty trees cannot keep its crop for a better price; it must sell in the week of picking. The two cold stores near the market were full by the end of September, with the fruit of some ninety large growers.</p>
<p>A group of smaller ones means to change that. Two hundred and twelve families have each put in 5,000 rupees towards a store of their own, with room for 40,000 boxes. They have a plot beside the railway and an estimate. What they lack is a loan, and a line of electricity that can be trusted in winter. They will meet the lenders in two weeks, and Mr Padar, who does not need the store, has said that he will come and speak for it.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Saffron flowers ten days late, and growers wonder whether to change their calendar",
        standfirst="The purple fields near Pampore opened only after a week of rain. The yield is fair, the colour is deep, and price talk begins at three lakh a kilo.",
        section="business",
        topics=("saffron", "tourism"),
        authors=("sohrab-lidri",),
        hours_ago=121,
        photo=Photo(
            "saffron-199",
            "Drawing of a field of purple saffron flowers stretching to low hills.",
            "A drawing of a saffron field in flower.",
        ),
        blocks=(
            Text("""<p>A saffron flower lasts for one morning. It must be picked before the sun has opened it fully, and its three red threads pulled out by hand on the same day. It takes some 150 flowers to make a gram. So when the flowers are ten days late, as they were this autumn, a good many people stand about in fields at dawn with nothing in their baskets.</p>
<p>The delay was caused by drought. The corms had lain in dry ground since July. Then it rained for a week, and on the plateau near Pampore all the flowers came at once. Families who had reckoned on three weeks of picking did it in twelve days, with cousins.</p>
<p>“My daughter’s wedding was fixed for after the saffron,” said Ghulam Mohiuddin Kongposh, who has two acres. “It turned into during. The guests arrived in good clothes and were each given a basket.”</p>
<h2>Fewer flowers, longer threads</h2>
<p>A survey of forty fields by the growers’ cooperative puts the yield at 2.6 kilos of dried saffron to the hectare, a little under the average of the last decade. The threads are long and the colour, measured in a laboratory, is the best in six years. First offers have been near 3 lakh rupees a kilo; nobody of any sense has accepted one.</p>
<p>The question is whether a late season is now the usual one. Four of the last seven have been. The cooperative’s agronomist, Dr Tabasum Wadera, suggests that sprinklers be run for ten days in late August to stand in for the lost rain. Half of the sprinklers put in some years ago no longer work, because nobody was made responsible for the pumps.</p>
<p>The cooperative has voted to repair those on sixty hectares and to charge for the water by the hour. Visitors, who came in great numbers for pictures, have meanwhile been asked to keep to the paths. A charge of fifty rupees brought in enough for two pumps.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Houseboat owners open a booking desk of their own to keep the commission",
        standfirst="Ninety boats on the lake have stopped paying a quarter of each night’s rent to agents. The desk has two telephones, a kettle and rules against haggling.",
        section="business",
        topics=("houseboats", "tourism"),
        authors=("sohrab-lidri",),
        hours_ago=222,
        photo=Photo(
            "houseboat-274",
            "Drawing of houseboats in a row with steps down to the water and hills behind.",
            "A drawing of houseboats along a quiet shore.",
        ),
        blocks=(
            Text("""<p>The office is four metres by three and stands on stilts beside the ferry steps at Astanbal. It has a stove, a kettle, a large board with ninety hooks and two telephones. On each hook hangs a wooden tag, painted with the name of a boat. Green side out, the boat is free; red side out, it is taken. “Everyone asked for a computer,” said Mubeena Drabu Naqash, who runs it. “We have that too. But the board is what they come in to look at.”</p>
<p>For years most rooms on the lake have been let by agents in distant cities, who kept between 20 and 30 per cent. Owners could not refuse, since they did not know from one week to the next who was coming. In March ninety of them formed a cooperative and agreed on three things: a price list, a commission of six per cent and no undercutting.</p>
<h2>Seven months in</h2>
<p>The desk has taken 3,100 bookings, about two nights in five of all that the boats have let. Owners kept some 41 lakh rupees that would have gone elsewhere. The six per cent pays three wages and has built up a reserve.</p>
<p>The third rule has been the hardest. In June two owners were seen offering discounts at the bus stand. They were called before a meeting, fined 500 rupees and made to serve the tea.</p>
<p>The small boats have gained most. Guests are sent in turn to whichever boat of the class they want has been empty for longest, so that an old boat at the end of a bad channel fills as often as a new one by the steps. Haji Samad Kolu, who owns the oldest, had twelve bookings in the whole of last year and has had fifty in this.</p>
<p>Agents have responded by reducing their own charges, to fifteen per cent in some cases. The cooperative counts that as a success. Sixty more boats have applied to join, and the carpenter has been asked for a bigger board.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Papier-mâché painters set their own price list and stick to it for a year",
        standfirst="Forty-six workshops agreed what a box, a bowl and a bell should cost. Buyers grumbled, then paid, and the youngest painters have stopped leaving.",
        section="business",
        topics=("crafts", "tourism"),
        authors=("sohrab-lidri", "zeenat-hakbari"),
        hours_ago=302,
        photo=Photo(
            "papier-223",
            "Drawing of painted papier-mâché patterns with flowers and leaves in rows.",
            "A drawing after the patterns of painted papier-mâché.",
        ),
        blocks=(
            Text("""<p>A round box with a lid, as wide as a palm and painted with small flowers on a gold ground, takes about nine hours: two for the paper and paste, one to smooth it, six to paint. Until last autumn the painter was paid 220 rupees for it. In a shop by the lake it cost 1,400.</p>
<p>Now the painter is paid 450. The shop charges 1,600. The sum was set, with ninety-three others, at a meeting of forty-six workshops in the quarter of Gulbazar, and printed on a sheet that hangs beside the glue pot in each of them. This month the list was a year old. Not one workshop has broken it.</p>
<p>“Everybody said the dealers would go elsewhere,” said Fayaz Naqqash Bisati, who paints birds. “Where? There is us, and there are machines, and a machine cannot do the eye of a bulbul.”</p>
<h2>A stamp under the lid</h2>
<p>Dealers did try. For two months in winter almost nothing was bought, and the workshops lived on credit from a grocer, who has been made an honorary member. In March a large order came from abroad, with a condition that had not been asked for: the buyer wished to know what the painters were paid. The list was sent by return.</p>
<p>Each piece now carries a stamp beneath the lid with the workshop’s number and the year. A visitor can look the number up and learn whose brush it was. Some write to say so.</p>
<p>The greatest change is in age. A year ago the quarter had nineteen painters under thirty, and it was losing three or four a year to driving and to building sites. It now has twenty-eight. One of them, Sakeena Mir Gulkar, left a job in a call centre. She earns slightly less than she did. “But I am allowed to look out of the window,” she said.</p>
<p>The list for the coming year raises prices by five per cent. There was one vote against, by the grocer, who thought it should be eight.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Cold stores burn more diesel as power cuts eat into the price of an apple",
        standfirst="Keeping a box of fruit from October to March now costs 96 rupees, a third of it for generators. Owners look to solar roofs and to ice made at night.",
        section="business",
        topics=("apple-harvest", "winter-power-cuts"),
        authors=("sohrab-lidri",),
        hours_ago=563,
        blocks=(
            Text("""<p>An apple in a cold store is not asleep. It breathes, slowly, and it must be kept at one degree above freezing, in air from which most of the oxygen has been drawn off. If the machinery stops for six hours, the room warms and the fruit wakes. It cannot be put back to sleep as soundly.</p>
<p>So when the power goes, the generators start. In the eleven large stores of the central valley they ran last winter for an average of 5.4 hours a day, according to the owners’ accounts, which five of them allowed us to see. Diesel made up 31 of the 96 rupees that it cost to keep a box from October until March. Five years ago it was twelve out of 61.</p>
<p>The grower pays in the end. Rent for a place in the store has risen to 110 rupees a box. With apples at 1,100 that is bearable. At 700, where they stood three seasons ago, it was the whole profit.</p>
<h2>Ice in the cellar</h2>
<p>One store is trying something old. At Lidru, Ruqaya Trumboo Azad, an engineer who inherited the business from an uncle, has filled a cellar with 200 tonnes of water in plastic tubs. Between midnight and five, when power is plentiful and cheap, her compressors freeze it. In the cuts of the morning and the evening, fans blow air across the ice and into the rooms. She used a quarter of the diesel that her neighbours did.</p>
<p>“My uncle said that I had built a very large picnic box,” she said. “He was quite right. That is what it is.”</p>
<p>Others have put panels on their roofs, which help little in a dark December but pay well in autumn, when the rooms are being cooled for the first time. The electricity utility has offered a lower rate at night to any store that agrees to draw nothing from five to nine in the evening. Four have signed. The rest are waiting for the new timetable of cuts, and to see whether it is kept.</p>"""),
            CLOSING,
        ),
    ),
)
