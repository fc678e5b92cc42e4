"""Invented articles: crafts, houses, bread and poems, and two signed opinions."""

from .records import CLOSING, Article, Photo, PullQuote, Text

LIFE: tuple[Article, ...] = (
    Article(
        headline="Weavers learn to sing a carpet again from a notebook found in a rice chest",
        standfirst="The old code for knots was meant to be chanted aloud. A family at Zainwari has deciphered sixty pages of it, and begun to weave what they say.",
        section="culture",
        topics=("crafts", "schools"),
        authors=("zeenat-hakbari",),
        hours_ago=61,
        photo=Photo(
            "loom-227",
            "Drawing of a patterned weave in rows of coloured motifs.",
            "A drawing after the pattern of a woven carpet.",
        ),
        blocks=(
            Text("""<p>“Two red, leave one, three in sky, turn.” Misra Begum Kalbaf reads slowly, half singing, with a finger under the line. On the other side of the loom her two sons answer with a short low note and tie the knots. Seven centimetres of a carpet have been made in this way since September. It has a border of almond leaves that nobody living has seen.</p>
<p>Carpets in the valley are woven from a code, called talim, in which small signs stand for a colour and a number of knots. A master used to call it out, and the weavers would reply, so that a long workshop sounded like a school reciting tables. Most now read from a printed sheet, in silence, or with a radio on.</p>
<p>The notebook came to light in spring, at the bottom of a rice chest that the family was about to sell. It is of brown paper sewn with wool, and older than Misra Begum’s grandmother, who could not read but is known to have had the best memory in the lane. The signs were not the ones in use today.</p>
<h2>The woman who remembered the tune</h2>
<p>For some weeks they could make nothing of it. Then a neighbour, Khatji Dedi, who is ninety-one, heard them arguing and began to hum. As a child she had carried tea to the workshops. She did not know what any of the signs meant, but she knew the tunes, and each tune fitted a page. Where it rose, the colour changed. Where it held, the knots were counted.</p>"""),
            PullQuote(
                "She did not know the words. She knew where to breathe, and that was the key.",
                "Misra Begum Kalbaf, weaver",
            ),
            Text("""<p>Of 112 pages, sixty can now be read. A student of music from Srinagar has recorded Khatji Dedi for eleven hours, with intervals for tea, and is writing the tunes down.</p>
<p>The carpet will be finished in about two years. The family has had an offer for it, a good one, and has declined. It is to hang in the girls’ school at the end of the lane, where the old workshop stood, and the pupils have been promised that they may sing the last row.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="The last shikara builder of Hakbal takes four apprentices, two of them women",
        standfirst="Rahim Najar Dar has built 240 boats by eye and has never made a drawing. His pupils are making one now, while there is someone to correct it.",
        section="culture",
        topics=("crafts", "lakes-and-rivers", "houseboats"),
        authors=("zeenat-hakbari",),
        hours_ago=166,
        photo=Photo(
            "lake-260",
            "Drawing of a slender boat with a canopy, reflected in quiet water.",
            "A drawing of a shikara on the lake.",
        ),
        blocks=(
            Text("""<p>A shikara is ten metres long, just over one across and as thick as two fingers. It has no keel. It is built from the bottom upwards, of deodar planks that are heated over a fire of their own shavings and bent by people sitting on them. How far to bend them is not written anywhere. “Until it looks at you,” says Rahim Najar Dar, who is sixty-nine.</p>
<p>There were fourteen builders in Hakbal when he learnt the trade from his father. He has been the only one for six years. His sons drive taxis, and he does not blame them; a boat takes two people a month and brings what a taxi earns in three weeks.</p>
<p>In June he put up a notice at the ferry steps. It said that he would teach four people, without payment, on condition that they stayed for two years. Thirty-seven came. He set each to plane a plank and walked off to have his lunch, and chose the four who were still planing when he came back.</p>
<h2>Drawing the undrawn</h2>
<p>Two are brothers from the next lane. One, Insha Wulam, had studied civil engineering. The fourth, Rubeena Hanz, grew up on a vegetable boat and can caulk a seam faster than her teacher. He has told her so, and has asked her not to repeat it.</p>
<p>Miss Wulam has started to make the drawing that never existed. With callipers and string she takes measurements from each boat as it comes together, and at night sets them out on graph paper. Mr Dar looks at the sheets for a long time. He cannot read a plan, but he can put his thumb on the place where it is wrong.</p>
<p>The first boat that the four have built without help was launched on Friday. It leaned a little to the left. They pulled it out, took two millimetres off a plank near the stern, and put it in again. It sat level. It looked, everyone agreed, at you.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="A hand press that printed the town’s first notices is put back to work",
        standfirst="It weighs a tonne and a half, and it spent thirty years under a tarpaulin. On Sunday it printed a wedding card, a poem and a list of lost goats.",
        section="culture",
        topics=("press-freedom", "crafts"),
        authors=("zeenat-hakbari",),
        hours_ago=286,
        photo=Photo(
            "press-233",
            "Drawing of stacked newspapers beside the rollers of a printing press.",
            "A drawing of a printing shop with its stacks of paper.",
        ),
        blocks=(
            Text("""<p>It took eleven men, a tractor and an argument to bring the press up from the cellar of the grain merchant’s house in Astanbal. It stands now in a former stable with a new floor, black and upright, taller than a door. When the lever is pulled the whole frame gives a sigh, then a thump, and somebody peels off the sheet.</p>
<p>No one is sure when it came to the town. The maker’s plate has been worn smooth. What is known, from copies in attics, is that for some fifty years it printed everything that Astanbal had to say to itself: sale bills, school prizes, notices of a well gone bad, and a weekly sheet of news that was pasted to the wall of the bathhouse and the wall of the mill on the same morning.</p>
<h2>Fourteen trays of letters</h2>
<p>The restoration was the idea of Mansoor Kaghzi Beig, who teaches calligraphy. He had found the type first, fourteen wooden trays of it, in use as shelves for spice. “I bought some cardamom,” he said, “and it had been lying on a capital R.”</p>
<p>Some of the letters were missing. There was no Urdu type at all; that had been done by scribes on stone. A carpenter has cut two alphabets in pear wood, after Mr Beig’s own hand, and they print with a slight softness, as though the words had been warmed.</p>
<p>The press will be open on Sundays. Anyone may bring up to forty words and have them printed, and pays for the paper. On the first day there was a queue down to the bridge. A couple wanted a wedding card. A boy of eleven had a poem about his uncle’s tractor. A shepherd brought a description of three goats, which was so exact that two of them were returned by Wednesday.</p>
<p>The weekly sheet is to be revived as well, on one side of the paper. It will have no editor. Whoever comes first on Sunday writes the first line.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Before dawn with the bakers who decide when a neighbourhood wakes",
        standfirst="Bread comes in six shapes, each with its own hour. In one lane of the old town three generations have kept the same oven alight since it was built.",
        section="culture",
        topics=("tourism", "winter-power-cuts"),
        authors=("zeenat-hakbari",),
        hours_ago=412,
        photo=Photo(
            "street-239",
            "Drawing of a street before daybreak, some windows lit, with projecting wooden balconies and wires.",
            "A drawing of an old-town lane early in the morning.",
        ),
        blocks=(
            Text("""<p>The oven at the corner of Dargahbal lane is a clay jar as deep as a man, sunk into a platform. It is never allowed to go quite cold. At half past three Ghulam Hassan Kandru takes off the lid, blows, and puts in a branch of pear wood; by four there is a red ring at the bottom, and he can start to slap rounds of dough against the wall.</p>
<p>First comes the plain flat loaf that goes with salt tea. It is wanted from five, by those who pray and by those who drive. At six there is a softer kind with the marks of fingertips on it, for families. Then a thin one, blistered, for people who are ill; then one with sesame. In the afternoon there are two that crumble, which one buys when guests arrive. A stranger could set a clock by them.</p>
<h2>A ledger without money</h2>
<p>Hardly anyone pays at the counter. Each house has a stick of willow on a nail, and for every day’s bread the baker cuts a notch. At the end of the month the stick is brought down and counted together. There are 140 sticks on the wall. Mr Kandru’s daughter has put the accounts on her telephone too, and the two agree, apart from one household which has been in dispute since her grandfather’s day.</p>
<p>When power is cut, the lane scarcely notices the shop, which is lit by the fire itself. On such mornings people linger. “In the dark they talk,” he said. “I have heard every marriage in this lane being settled before it was light.”</p>
<p>A bag of flour has gone up by a third in two years and a loaf by a rupee. The bakers’ association would like another. In Dargahbal lane the question was put to the customers one morning, by firelight. They agreed to it, with a condition, which was that the finger marks should not get any shallower.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="An old merchant’s house is repaired by the people who are going to live in it",
        standfirst="Five families are rebuilding a brick and timber house of forty rooms. They use mud mortar, birch bark and a carpenter who will not own a tape measure.",
        section="culture",
        topics=("crafts", "tourism", "winter-power-cuts"),
        authors=("zeenat-hakbari",),
        hours_ago=542,
        photo=Photo(
            "street-241",
            "Drawing of old brick houses with carved balconies leaning over a street.",
            "A drawing of old-town houses with timber balconies.",
        ),
        blocks=(
            Text("""<p>There is no cement in the house of the shawl merchants at Zainwari, and that, said Khurshid Naggar, is why it is standing. The walls are of thin bricks in mud, laced at every floor with timber. In the last strong earthquake it swayed, cracked, shed a chimney and came to rest. Two concrete houses across the lane did not.</p>
<p>The merchants’ heirs left it, one after another, for the suburbs. For twelve years nobody lived there but pigeons. Two winters ago five families, all of them tenants somewhere else, made an offer: they would repair it with their own hands if they might live in it for thirty years at a low rent. The heirs, eighteen in all, took a year to agree and signed on the same day.</p>
<h2>Bark, wool and walnut oil</h2>
<p>Everything was taken down to the frame and put back. The roof is of birch bark under earth, in which tulips and grass have been sown to hold it together. Gaps round the windows are stopped with wool. The lattices, made up of hundreds of small pieces without a nail, have been cleaned with walnut oil and a toothbrush, by children, at two rupees a star.</p>
<p>Mr Naggar, a carpenter of seventy, measures with a stick on which there are only five marks. He gave two of the fathers and one of the mothers, Nighat Jalali Sozan, lessons in cutting a joint. “I was an accountant,” she said. “Now I am an accountant who can hang a door.”</p>
<p>It has cost 62 lakh rupees so far. A builder had offered to pull the house down and put up a block of flats for rather less. But the thick walls have proved their worth already: in the power cuts of last January the finished rooms stayed eight degrees warmer than the street.</p>
<p>Twenty-six of the forty rooms are done. Of the rest, one will be a common kitchen and one a library. One, on the top floor, where the roof had fallen in, has been left to the pigeons.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="When the lights go out on Thursdays, Kanelbagh reads its poems by candle",
        standfirst="A blackout became a habit. In its second winter the weekly reading draws eighty people, one thermos each, and a rule that nobody may apologise first.",
        section="culture",
        topics=("winter-power-cuts", "schools"),
        authors=("zeenat-hakbari",),
        hours_ago=662,
        photo=Photo(
            "night-251",
            "Drawing of dark houses under a night sky with candlelight in a few windows.",
            "A drawing of candlelit windows in a power cut.",
        ),
        blocks=(
            Text("""<p>It started by accident. Some teachers were marking papers in the reading room at Kanelbagh when the power went. One of them lit a candle. As it was too dim for red ink, another, Shafiqa Nishat Ara, recited a few lines that she knew, to pass the time. Then somebody else did. When the lights came on, two hours later, no one got up.</p>
<p>That was two winters ago. The reading is now held every Thursday at seven, which by arrangement with nobody is when that part of town goes dark. If by some mistake the current is on, the caretaker turns it off at the switch.</p>
<p>About eighty people come. They bring candles, cushions and thermoses of salt tea. Anyone may read, in any language, for as long as a candle end of two centimetres takes to burn down. Most poems are in Kashmiri or Urdu; there have been some in English, Punjabi and Gojri, and one, by a visiting plumber, in Malayalam, which was listened to with close attention and applauded twice.</p>
<h2>Three rules</h2>
<ul><li>Nobody may apologise before reading.</li><li>Nobody may explain afterwards.</li><li>Whoever laughs at a mistake reads next.</li></ul>
<p>The first was needed most, Mrs Ara said. “We used to lose a quarter of an hour every week to modesty.”</p>
<p>The poems are not, for the most part, about great matters. A bus conductor has a long sequence on his passengers’ shoes. A girl of fourteen read one in which the river answers a questionnaire. Abdul Ahad Kitab, who sold stationery for fifty years and had never shown anyone a line, turns out to have written every night of them, and is being heard in order. He has reached his thirties.</p>
<p>In December the group will bring out a small book. Each contributor has chosen one poem. The type is large, at everyone’s request, so that it can be read by candle.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="A local newspaper should pick up its telephone, and say who is speaking",
        standfirst="Readers trust what they can question. If we want the freedom to ask, then we owe the courtesy of being asked, writes our courts and councils reporter.",
        section="opinion",
        topics=("press-freedom", "courts"),
        authors=("ishrat-poshwani",),
        hours_ago=26,
        blocks=(
            Text("""<p>A man rang last week to tell me that I had spelt his father’s name wrong. It was in the ninth paragraph of a report about drains. His father had been dead for six years. He was not angry; he had simply thought that we would want to know. I corrected it while he was on the line, and he asked if I would read the sentence back to him. I did. There was a silence, and then he said: good, that is him.</p>
<p>I have thought since then about how little it would have taken for that call never to be made. A number that is not printed would have done it. So would a machine that asks one to press four.</p>
<h2>The one thing we can grant ourselves</h2>
<p>We speak a great deal about the freedom of the press, and rightly. It is usually spoken of as something that others grant or withhold: an office that will not answer, a file that cannot be found, a door. About those we must go on complaining, and in these pages we do.</p>
<p>But there is a part of it that is in our own gift. A newspaper is free in so far as people believe it, and they believe what they can argue with. A judge sits in open court so that anybody may walk in and watch. I have spent a good part of my working life on the back benches of such rooms, and I can report that everyone behaves better when there is somebody on the bench.</p>"""),
            PullQuote("People believe what they can argue with.", "Ishrat Poshwani"),
            Text("""<p>So I should like our own door to be open. Let every report carry the name of the person who wrote it. Let corrections stand where the mistake stood, with the date. When someone writes to say that we were unfair, let us print it, provided it is not a libel, and answer if we can. And between nine and six let the telephone be picked up by a human being who begins by saying who she is.</p>
<p>None of it costs much. It takes time, and it stings now and then. The man with the father also told me that the drains were in the wrong street. He was right about that as well.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Winter is not an emergency; it comes every year and we could plan for it",
        standfirst="We meet each January with surprise, sandbags and overtime. A season that has never once failed to arrive deserves a line in the budget, argues Sohrab Lidri.",
        section="opinion",
        topics=("winter-power-cuts", "snow-and-glaciers", "roads"),
        authors=("sohrab-lidri",),
        hours_ago=482,
        blocks=(
            Text("""<p>Last January, on the day after the heaviest snow, I telephoned an office to ask how long the road to Poshwan would be shut. The official was courteous and very tired. “You must understand,” he told me, “that this is an emergency.” I looked at the calendar. It was the fourteenth. It had snowed in the week of the fourteenth in nine of the ten years before.</p>
<p>An emergency is something that one could not have known about. A flood that comes once in a century is an emergency, and so is a fire. Winter is an appointment. It has been kept without fail for as long as there has been a valley to keep it in, and still we receive it like a guest who has turned up without telephoning, running from room to room and hiding the dishes.</p>
<h2>What surprise costs</h2>
<p>It has a price, and someone in my trade ought to name it. Salt bought in January costs about twice what it costs in August. Diesel for hired generators costs more than transformers that were ordered in time. A plough that is mended in the snow is mended at night, by men on overtime, with parts that have been sent by air. I went through the accounts of three districts. Between them they spend some 22 crore rupees each winter on things they describe as unforeseen, and the list of those things hardly changes from one year to the next.</p>
<p>My proposal is a dull one. Let each district draw up in June, when it is hot and no one wants to think about it, a list of what it bought in a hurry last time. Let it buy those things by September. Let it publish the list, with a tick beside each item, and let the rest be put towards whatever truly is unforeseen, of which there will be enough.</p>
<p>There is a gain besides the money. People who are always being rescued come to believe that they live in a disaster. We do not. We live in a cold place, with good wool, and we know the date.</p>"""),
            CLOSING,
        ),
    ),
)
