"""Invented articles: the valley's towns and villages, and their councils and courts."""

from .records import CLOSING, CLOSING_UR, Article, Photo, PullQuote, Text

NEWS: tuple[Article, ...] = (
    Article(
        headline="Ferry returns to Dudkul after eleven years as the lake channel is cleared",
        standfirst="A flat wooden boat now carries pupils, milk cans and bicycles across two kilometres of open water, and saves a road journey of forty minutes.",
        section="kashmir",
        topics=("lakes-and-rivers", "roads", "schools"),
        authors=("nuzhat-kralwari",),
        hours_ago=2,
        photo=Photo(
            "lake-11",
            "Drawing of a long wooden boat on a still lake, with hazy mountains mirrored in the water.",
            "A drawing of a boat on the morning crossing, made for this report.",
        ),
        blocks=(
            Text("""<p>The first boat left the stone steps at Dudkul at ten past seven on Monday with nineteen passengers, four bicycles and a crate of ducklings. It reached the far shore in twenty-two minutes. No one on board under the age of twelve had ever made the crossing.</p>
<p>The ferry stopped eleven summers ago, when reeds and silt closed the channel and the old boat ran aground three times in one week. Since then the 1,400 people of Dudkul have gone round the lake by road, forty minutes in good weather and rather more when the culvert at Batamarg is under water.</p>
<p>The village council hired a dredger for seventeen days this autumn. It took out about 3,000 cubic metres of mud, which now lies along the embankment and is to be planted with willow.</p>
<h2>Ten rupees, children free</h2>
<p>Ghulam Rasool Dand, who is sixty-three and poled the last ferry, has trained two younger boatmen. “They are stronger than I was and they listen less,” he said. “The lake will teach them the second thing.”</p>
<p>A crossing costs ten rupees. Pupils of the girls’ middle school on the far side travel free, and the council has bought thirty life jackets in their sizes. The head teacher, Rifat Andleeb, said six girls who had dropped out because of the journey were back on her register by noon.</p>"""),
            PullQuote(
                "They are stronger than I was and they listen less. The lake will teach them the second thing.",
                "Ghulam Rasool Dand, ferryman",
            ),
            Text("""<p>Not everything is settled. The channel will silt up again, and the council has money for only one more season of dredging. Its engineer, Bilal Kanroo, thinks that a fence of woven willow along the eastern edge could halve the mud that drifts in. A trial of two hundred metres begins in March.</p>
<p>Until the ice comes, the boat runs eight times a day, and not at all in wind. The ducklings, their owner reported, arrived dry.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Bonwari bridge to close for forty nights while its timber deck is replaced",
        standfirst="Traffic will cross by day and stop at nine in the evening. Engineers say the work cannot wait for spring; bakers and ambulance drivers ask for exceptions.",
        section="kashmir",
        topics=("roads", "lakes-and-rivers"),
        authors=("nuzhat-kralwari",),
        hours_ago=8,
        photo=Photo(
            "river-23",
            "Drawing of a river winding through a valley under a low bridge.",
            "A drawing of a bridge over a winding river; it shows no particular bridge.",
        ),
        blocks=(
            Text("""<p>The bridge at Bonwari will close every night from nine until five for the next forty nights while its deck of deodar planks is taken up and relaid, the roads department said on Tuesday.</p>
<p>Inspectors who walked the bridge in September found that 212 of its 640 planks had softened at the ends, where rainwater collects above the iron beams. Eleven could be pierced with a screwdriver. The beams themselves, and the stone piers below them, are sound.</p>
<p>“If we wait for spring we will be closing it by day as well,” said Shabnam Raina Kotwal, the engineer in charge. “Forty nights now, or four months later. That is the choice, and it is not a difficult one.”</p>
<h2>Who may still cross</h2>
<p>The department has published a short list of exceptions:</p>
<ul><li>ambulances and fire engines, over a strip of steel plates that will stay in place;</li><li>people on foot, on the upstream walkway, with a lamp at each end;</li><li>milk vans after four in the morning, when the night’s planks have been bolted down.</li></ul>
<p>Bakers are not on it. The eight ovens on the east bank send about 9,000 loaves to the west bank before six o’clock, and their drivers would have to go round by the new bypass, an extra fourteen kilometres. Nazir Sofi Tral, who speaks for them, has offered to have the bread carried over by hand. “We have done it in floods,” he said. “We can do it for planks.”</p>
<p>The old wood will not be burned. Sound lengths are to be sold by auction for benches and window frames, and the council of the west bank has already asked for enough to make a long table for its reading room.</p>
<p>The work is to cost 86 lakh rupees. If snow stops it for more than five nights, the department said, the nights will be added at the end.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Winter power timetable names the hours of darkness, street by street",
        standfirst="For the first time households can look up when their supply will be cut this winter. The utility promises to keep to it; readers are asked to check.",
        section="kashmir",
        topics=("winter-power-cuts", "schools"),
        authors=("nuzhat-kralwari", "sohrab-lidri"),
        hours_ago=13,
        photo=Photo(
            "night-31",
            "Drawing of a town at night, most windows dark and a few lit by candles.",
            "A drawing of a town during an evening power cut.",
        ),
        blocks=(
            Text("""<p>Every street in the valley’s four largest towns now has a number between one and twelve, and the number says when its lights will go out. The electricity utility pinned the timetable up outside its offices on Monday and put it <a href="https://example.org/timetable">on a web page</a> the same evening.</p>
<p>Groups one to six lose their supply for two hours each morning and two each evening. Groups seven to twelve, which share lines with hospitals and pumping stations, lose one and one. The groups change places every second Sunday, so that no street has supper in the dark for the whole of the winter.</p>
<p>Cuts themselves are nothing new. Demand on a January evening is nearly twice what the lines from the plains can carry. What is new is the promise. “People can live with darkness that comes at seven,” said Parvez Ahanger Lal, who runs the control room at Kanelbagh. “It is darkness that comes at any moment that spoils the rice and the homework.”</p>
<h2>What a fixed hour is worth</h2>
<p>A tailor in the third lane of Zainwari, Haleema Begum Wost, worked out on the back of a pattern what the old uncertainty cost her: eleven spoiled seams a week, and a neighbour’s girl paid to hold a torch. With a timetable she plans to cut cloth in the dark hours, by the window, and sew in the light ones.</p>
<p>The school boards are moving evening classes to fit. Clinics have asked to be told of any change a day ahead.</p>
<h2>Keeping count</h2>
<p>The utility kept to similar hours in a trial last February on 19 days out of 28. It says new switches at six substations will do better, and it will publish each week how often it failed.</p>
<p>We will keep our own count as well. If your street goes dark at the wrong time, tell us the street, the day and the hour; we shall print the totals every Saturday beside the official ones.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Upper road to Gundbal to stay open this winter under a new clearing plan",
        standfirst="Two ploughs will be kept at the top of the road instead of the bottom, and villagers who know each bend will be paid to say where the drifts lie.",
        section="kashmir",
        topics=("roads", "snow-and-glaciers"),
        authors=("nuzhat-kralwari",),
        hours_ago=362,
        photo=Photo(
            "snow-47",
            "Drawing of snow falling on the steep roofs of a mountain village.",
            "A drawing of a village roofed with snow, the kind the road to Gundbal serves.",
        ),
        blocks=(
            Text("""<p>For as long as anyone at Gundbal remembers, the snow ploughs have started at the bottom of the hill. They climb nineteen kilometres, clearing as they go, and by the time they reach the village the wind has often filled the road behind them.</p>
<p>This winter they will start at the top. The roads department has built a shed of stone and tin beside the Gundbal schoolhouse and will keep two ploughs in it, with fuel for six weeks and drivers who sleep in the village. They will clear downhill, with gravity’s help, and meet a third machine coming up.</p>
<p>The idea came from the village. Abdul Gani Shoga, a retired bus conductor, proposed it at a public meeting in June and drew it with a stick in the dust. “I spent thirty winters behind ploughs,” he said. “One has time to think.”</p>
<h2>Paid to look out of the window</h2>
<p>The second part of the plan costs less and may matter more. Fourteen households along the road will each receive 3,000 rupees a month to telephone the shed at five every morning with three facts: how deep the snow is at a painted post, whether the wind is from the pass or from the valley, and whether anything has slid on to the road in the night.</p>
<p>Last winter the road was shut for 41 days. The department hopes for fewer than ten. It has also agreed with the clinic at Hapatbal on a list of people who should come down before heavy snow: women in the last month of pregnancy, and patients who need dialysis.</p>
<p>The village shopkeeper, Mehmooda Jan Thoker, has laid in her usual winter’s stock all the same: forty sacks of rice, nine of lentils and a great deal of string. “I believe in the plan,” she said. “I believe in rice more.”</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="School library stays open until nine so that pupils can read by shared light",
        standfirst="A row of batteries that a teacher rescued from a telephone mast now lights forty desks at Kanelbagh. By the second week every one of them was taken.",
        section="kashmir",
        topics=("schools", "winter-power-cuts"),
        authors=("nuzhat-kralwari",),
        hours_ago=38,
        photo=Photo(
            "school-53",
            "Drawing of a two-storey school with rows of windows and a wide yard.",
            "A drawing of a village school; the library windows are on the upper floor.",
        ),
        blocks=(
            Text("""<p>At six in the evening, when the lamps of Kanelbagh go out, the upper floor of its secondary school comes on. Boys and girls in pherans climb the outside stair with their books under the wool. By half past there is not a chair left.</p>
<p>The light comes from twenty-four heavy batteries that were thrown out when a telephone mast was modernised. Firdous Wangnoo, who teaches physics, asked for them, tested them one by one and found eighteen good. Solar panels on the roof fill them by day. The whole arrangement cost 64,000 rupees, most of it for wire.</p>
<p>“I had meant it for the laboratory,” he said. “Then a pupil asked whether she could stay, because at home five people share one lamp and the lamp belongs to whoever is cooking.”</p>
<h2>The rules on the door</h2>
<ul><li>Shoes outside, kangris on the stone shelf.</li><li>Whispering is allowed; reading aloud is for the corner room.</li><li>Parents may come, and may read too.</li></ul>
<p>The third rule has been the surprise. About a dozen parents come most evenings. Some sit with younger children. Hajra Bano Malwari, who left school at nine, is working through the primary readers in order and has reached the fourth. Her daughter, at the next table, pretends not to help.</p>"""),
            PullQuote(
                "At home five people share one lamp, and the lamp belongs to whoever is cooking.",
                "Firdous Wangnoo, quoting a pupil",
            ),
            Text("""<p>The district education office has sent someone to see. It runs 310 schools, and most have a roof that faces the sun. The visitor counted the desks, asked the price of the wire twice, and stayed until nine to finish a detective story.</p>
<p>What the school lacks now is books. The shelves hold 1,900, many of them older than the teachers. A box for gifts stands at the foot of the stair.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Snow, at last",
        standfirst="After the driest autumn that most people can remember, eleven centimetres fell overnight. The valley went out to look at it.",
        section="kashmir",
        topics=("snow-and-glaciers", "roads"),
        authors=("zeenat-hakbari",),
        hours_ago=31,
        photo=Photo(
            "snow-61",
            "Drawing of village roofs under fresh snow, with flakes still falling.",
            "A drawing of the first snow of the winter on village roofs.",
        ),
        blocks=(
            Text("""<p>It began a little after one in the morning, and those who were awake knew it by the sound, which was no sound at all. The dogs stopped. The generator behind the bakery in Sheerbagh seemed to move to another street. By four there was a white line along every wire.</p>
<p>Eleven centimetres had fallen at the airport by breakfast, nineteen at Poshwan and more than forty on the meadows above it. It is the first snow in the valley for 263 days and it came nearly four weeks later than the average of the past thirty years.</p>
<p>In the old town people swept their steps with more ceremony than the job requires. A greengrocer built a neat wall of snow along his shop front and set his turnips on it. On the embankment a class of six-year-olds, who were too small last year to remember, had to be shown that it melts.</p>
<h2>Good for pears, bad for buses</h2>
<p>For orchards the snow is worth money. Apple and pear trees need a long cold sleep, and the dry weeks of autumn had left the ground hard. “One slow thaw is better than three rains,” said Mohammad Sideeq Bota, who grows pears on terraces above the town. “It goes in like a guest and it stays.”</p>
<p>Buses ran up to two hours late. The roads department had forty-one ploughs out by six and said that every main road was open by ten, though the lanes of the upper quarters were left, as always, to shovels.</p>
<p>There were eighteen falls bad enough for the bone hospital, most of them before eight o’clock and most of them, a nurse reported, among men who were carrying bread and looking up.</p>
<p>More is expected on Thursday night. The bakers have been told. So, by mid-morning, had everybody under twelve, and a bank of soft snow behind the post office had already been divided by treaty.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="After three summers of buckets and borrowed hoses, families in the upper lanes of Zainwari turn on a tap and find that the water keeps coming",
        standfirst="A small tank, a second-hand pump and a quarrel about pipe sizes have brought running water to 212 houses that the town’s mains never reached.",
        section="kashmir",
        topics=("lakes-and-rivers", "roads"),
        authors=("ishrat-poshwani",),
        hours_ago=111,
        blocks=(
            Text("""<p>Posha Begum keeps her kitchen tap slightly open. It is a waste, and she knows it, and after two weeks she cannot stop. “I like to hear it,” she said. “When it is quiet I think it has gone again.”</p>
<p>The upper lanes of Zainwari lie thirty metres above the nearest main. For three summers the pressure was too low to lift water so far, and 212 families filled buckets at a standpipe by the road or paid a neighbour with a well. The youngest child in a house carried the smallest bucket.</p>
<p>The repair, when it came, was modest: a covered tank of 90,000 litres beside the graveyard wall, filled at night, when the rest of the town is asleep and the pressure rises, and a pump that had served for eleven years at a trout farm. It cost 31 lakh rupees. A plan for a new main, which was drawn up twice and never paid for, would have cost nearly seven times as much.</p>
<h2>Two inches or three</h2>
<p>It was held up for most of a year over the width of a pipe. The water department’s rules ask for three inches. The lanes, with their drains and steps, had room for two. In the end a junior engineer, Suhail Handoo Bakshi, walked every lane with a tape measure and wrote a nine-page note to show that two would do, provided that the tank stood four metres higher.</p>
<p>“He came to my door eleven times,” said Posha Begum. “I told him, son, either bring the water or marry into the family.”</p>
<p>The department is now looking at six other hillside quarters where a night tank could take the place of a new main. It has asked for the note to be copied to all its offices. The standpipe by the road will stay, on the wish of the residents, who say that one never knows, and that it is where they hear the news.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Four-kilometre detour ends as the Rangward culvert is finished at last",
        standfirst="A drain two metres wide kept a valley road shut for fourteen months. The men who rebuilt it in nine days explain what took so long.",
        section="kashmir",
        topics=("roads", "lakes-and-rivers"),
        authors=("nuzhat-kralwari",),
        hours_ago=152,
        photo=Photo(
            "mountains-71",
            "Drawing of mountain ridges, one behind another, fading into haze.",
            "A drawing of the ridges above a side valley.",
        ),
        blocks=(
            Text("""<p>The culvert at Rangward is two metres wide and three long. It carries a stream under a road, and when the stream carried the culvert away, fourteen months ago, it took with it the only straight way between nine villages and their market.</p>
<p>On Wednesday the first lorry drove over the new one. The driver, who had a load of cauliflowers, did not slow down, and a small crowd that had gathered to see the crossing was left in his dust, clapping.</p>
<p>Building it took nine days. The rest was paper. The road belongs to one department and the stream to another; the bank on which a wall had to stand belongs to a third, which asked for a survey of trees. There were two willows. The survey took five months.</p>
<h2>The long way round</h2>
<p>In the meantime everyone drove round by the brick kilns, four kilometres more in each direction on a track that turned to soup when it rained. A schoolteacher at Rangward, Tasleema Gachu, had her senior class work out the cost as an exercise in arithmetic. They stood at the turning for a week, counted vehicles, asked about fuel, and arrived at 1.1 crore rupees. The culvert cost nine lakh.</p>
<p>She sent the figures to the district office, with the pupils’ names. Three weeks later the money was released. Nobody at the office would say that the one thing led to the other. “We received several representations,” an official said, “of which one was unusually well laid out.”</p>
<p>The new culvert is half as wide again as the old and has a grating that can be lifted out to clear stones. The two willows still stand. The class has moved on to a question of its own choosing, which concerns the punctuality of the morning bus, and has already bought a second notebook.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Evening bus for women adds a third run as night shifts fill its seats",
        standfirst="It began as a six-week trial with a borrowed vehicle. Now nurses, shop workers and students make up a thousand journeys a week on one short route.",
        section="kashmir",
        topics=("roads", "schools"),
        authors=("nuzhat-kralwari",),
        hours_ago=206,
        photo=Photo(
            "street-83",
            "Drawing of an old-town street with tall brick houses and carved timber balconies.",
            "A drawing of an old-town street on the route of the evening bus.",
        ),
        blocks=(
            Text("""<p>The half past eight bus from the hospital gate in Srinagar is known to its passengers as the kitchen, because that is where most of them are going and because there is always something to eat. On a recent Thursday it was roasted chickpeas, passed from the back.</p>
<p>The bus, for women and children only, has run since July along nine kilometres between the hospital and the northern suburbs. A third departure, at ten, was added this week after drivers reported that they were leaving people behind.</p>
<p>Tickets sold rose from 310 in the first week to 1,040 in the last. Nearly half of the passengers work in hospitals. Others are students at evening classes, shop assistants, and a group of four sisters who sell embroidery and count their takings on the way home.</p>
<h2>A stop that was not planned</h2>
<p>Before the bus, said Rukhsana Lattoo, a ward nurse, she left work an hour early three days a week and lost the pay for it. Now she stays to the end of her shift. Her supervisor has noticed. So has her son, who has learnt to cook rice.</p>
<p>The route owes its shape to the passengers. In the second week somebody asked to be let down beside the pharmacy at Dargahbal, where the street lamp works, and not at the official stop, where it does not. The driver, Shameema Kuchay, put it to a show of hands. The lamp at the official stop has since been mended, but nobody wants to move back.</p>
<p>The transport office says the route covers about 70 per cent of its cost, better than most. It is considering a second one, to the university hostels, and has asked passengers to write down the stops they would like. The sheet at the front of the bus had run to both sides by Friday, with a note at the bottom in a child’s hand requesting the sea.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="A postman’s last walk over the Tulbagh pass before the road reaches the village",
        standfirst="For twenty-six years Lassa Khan Hapat carried letters, medicine and gossip eleven kilometres on foot. In spring a van will do it in half an hour.",
        section="kashmir",
        topics=("roads", "snow-and-glaciers", "tourism"),
        authors=("zeenat-hakbari",),
        hours_ago=322,
        photo=Photo(
            "mountains-97",
            "Drawing of a high pass between snow-capped peaks above layers of blue ridges.",
            "A drawing of a pass and the ridges below it.",
        ),
        blocks=(
            Text("""<p>The bag weighed nine kilos on Saturday, which is light. In it were thirty-one letters, two parcels, a bottle of cough mixture, a school certificate that had been framed by mistake and a bicycle pump. Lassa Khan Hapat shifted it to his left shoulder, as he has at the same stone for twenty-six years, and began the last climb.</p>
<p>The village of Tulbagh lies on the wrong side of a pass of 3,100 metres. Its ninety houses have had a telephone mast for some years, but no road, and nothing that has to be signed for can come through the air. Twice a week, from April until the snow is too deep, the postman has walked there and back in a day.</p>
<p>In spring a road will open through a cutting lower down. The post office is to hire a van. Mr Hapat, who is fifty-eight, has been offered a seat behind the counter at Poshwan and has accepted it, with some suspicion of the chair.</p>
<h2>What a letter is for</h2>
<p>People think that nobody writes letters any more, he said. “They write when it matters. A girl who is angry will telephone. A girl who is sorry will write.” He has delivered, by his own count, 140 proposals of marriage and read none of them, though he was generally asked in for tea either before or after and could tell which it was going to be.</p>
<p>He has turned back four times in all: twice for snow, once for a bear, and once because a woman at the third bend was having a child. He carried the news on to the village and was an hour late. The boy is now in the ninth class and has walked some of the way with him.</p>
<p>On Saturday the whole of Tulbagh had come to the top of the pass to meet him. They had brought a letter. He put it in the bag with the others, unopened, to be sorted in the proper way.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="گاؤں کے بچوں نے پرانی چکی کو کتاب گھر بنا دیا، شام کو دادا دادی بھی پڑھنے آتے ہیں",
        standfirst="شیرباغ کے ایک بند پڑے پن چکی گھر میں اب بارہ سو کتابیں ہیں۔ بچوں نے خود دیواریں لیپیں، الماریاں بنائیں اور کتابوں کا رجسٹر تیار کیا۔ شام کی بجلی جانے پر وہ لالٹین کی روشنی میں پڑھتے ہیں۔",
        section="kashmir",
        topics=("schools", "winter-power-cuts"),
        authors=("sohrab-lidri",),
        hours_ago=46,
        language="ur",
        photo=Photo(
            "school-103",
            "گاؤں کی ایک عمارت کا خاکہ جس میں کھڑکیوں کی قطاریں اور سامنے کھلا صحن ہے۔",
            "گاؤں کے اسکول اور اس کے صحن کی ایک ڈرائنگ جو اس خبر کے لیے بنائی گئی۔",
        ),
        blocks=(
            Text("""<p>شیرباغ کی پن چکی نو برس سے بند تھی۔ چھت ٹپکتی تھی، پتھر کا پاٹ ٹوٹ چکا تھا اور دروازے پر زنگ آلود تالا لٹک رہا تھا۔ گزشتہ گرمیوں میں آٹھویں جماعت کی پانچ لڑکیوں نے پنچایت کو ایک درخواست لکھی کہ یہ جگہ انہیں دے دی جائے۔ درخواست صرف چار سطروں کی تھی اور آخری سطر یہ تھی: <strong>ہم اسے صاف رکھیں گے۔</strong></p>
<p>پنچایت نے چابی دے دی۔ اس کے بعد جو ہوا اس کی کسی کو توقع نہ تھی۔ بچوں نے تین ہفتے میں ملبہ نکالا، دیواروں پر مٹی اور بھوسے کا لیپ کیا اور گاؤں کے بڑھئی عبدالکریم ترکھان سے پرانے تختوں کی الماریاں بنانا سیکھا۔ اب وہاں بارہ سو سے زیادہ کتابیں ہیں، جن میں سے اکثر لوگوں نے اپنے گھروں سے لا کر دی ہیں۔</p>
<h2>رجسٹر اور قاعدے</h2>
<p>کتاب گھر کا انتظام بچوں ہی کے پاس ہے۔ ہر کتاب کا نمبر ایک موٹے رجسٹر میں درج ہے اور ہر ہفتے دو بچے باری باری ذمہ دار ہوتے ہیں۔ قاعدے سادہ ہیں:</p>
<ul><li>ایک وقت میں دو کتابیں، دس دن کے لیے۔</li><li>کتاب کا صفحہ موڑنا منع ہے، نشانی کے لیے چنار کا پتا کافی ہے۔</li><li>جو کتاب دیر سے لائے وہ ایک کہانی سنائے گا۔</li></ul>
<p>آخری قاعدہ سب سے مقبول ثابت ہوا ہے۔ کئی بچے جان بوجھ کر دیر کرتے ہیں۔</p>
<p>شام کو جب بجلی جاتی ہے تو لالٹینیں جلتی ہیں اور بڑے بوڑھے بھی آ جاتے ہیں۔ ستر برس کی زونہ بیگم پڑھنا نہیں جانتیں، مگر روز آتی ہیں۔ ان کی پوتی انہیں سفرنامے پڑھ کر سناتی ہے۔ وہ کہتی ہیں: “میں نے ساری عمر اس چکی میں آٹا پسوایا۔ اب یہاں سے دنیا لے کر جاتی ہوں۔”</p>"""),
            PullQuote("میں نے ساری عمر اس چکی میں آٹا پسوایا۔ اب یہاں سے دنیا لے کر جاتی ہوں۔", "زونہ بیگم، شیرباغ"),
            Text("""<p>اسکول کے استاد منظور احمد کلو کا کہنا ہے کہ جماعت میں پڑھنے کی رفتار بہتر ہوئی ہے، لیکن ان کے نزدیک اصل فائدہ کچھ اور ہے۔ ان کے مطابق بچوں نے یہ سیکھ لیا ہے کہ کوئی کام مانگے بغیر نہیں ملتا اور سنبھالے بغیر نہیں رہتا۔</p>
<p>اب دو مسئلے باقی ہیں۔ سردیوں میں کمرا گرم رکھنے کے لیے ایک بخاری چاہیے، اور چھوٹے بچوں کے لیے تصویروں والی کتابیں کم ہیں۔ پنچایت نے بخاری کا وعدہ کیا ہے۔ کتابوں کے لیے دروازے پر ایک صندوق رکھا ہے جس پر لکھا ہے: جو پڑھ چکے ہیں، وہ دوسروں کو پڑھنے دیں۔</p>"""),
            CLOSING_UR,
        ),
    ),
    Article(
        headline="Council counts its potholes and finds one for every nine houses",
        standfirst="Volunteers in Astanbal walked each lane with chalk, a ruler and a telephone. The list is public, it is long, and it has already been put to use.",
        section="kashmir",
        topics=("roads", "press-freedom"),
        authors=("ishrat-poshwani",),
        hours_ago=433,
        blocks=(
            Text("""<p>There are 1,316 potholes in the town of Astanbal. Until this month nobody could have said so, because nobody had looked. The town council, which has received complaints about its roads for as long as it has had a letter box, decided in the summer to find out how many holes it was answering for.</p>
<p>Sixty volunteers, most of them students on holiday, walked every lane over two weekends. Each hole was circled in chalk, measured across and down, photographed and given a number. Anything shallower than three centimetres was let off. The deepest, number 744, outside a sweet shop, came to thirty-one centimetres and contained a shoe.</p>
<p>The list was published in full, on paper in the council’s hall and as a table that anyone can download. It shows some things that were known and some that were not. The main road, about which most people complain, is in fairly good order. The worst lanes are in two quarters where nearly no one had written in. “We had been repairing the roads of people who write letters,” said the council’s secretary, Aadil Rangrez Noor.</p>
<p>Filling all the holes would cost about 58 lakh rupees, more than half of the yearly budget for roads. The council has chosen to begin with those within two hundred metres of a school or a clinic, 290 in number, and to mark each one on the list when it is done. By Friday it had marked 64.</p>
<p>The list has found other users. A courier firm has redrawn its routes. The owner of the sweet shop has put the number 744 on a cake. And a retired surveyor, going through the table at home, discovered that one lane with seventeen holes does not exist on any map the council owns, though forty families live there and have paid their rates for a generation. It has now been given a name. The families asked for something plain, and the council has agreed to New Lane.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Council votes to publish every road contract worth more than five lakh rupees",
        standfirst="From next month anyone may read who was paid, for how many metres and by what date. The motion passed by one vote, after a debate about photocopying.",
        section="politics",
        topics=("roads", "press-freedom"),
        authors=("ishrat-poshwani",),
        hours_ago=5,
        photo=Photo(
            "court-113",
            "Drawing of a stone public building with columns and broad steps.",
            "A drawing of a council building; it shows no particular one.",
        ),
        blocks=(
            Text("""<p>The district council at Bonwari decided by eleven votes to ten on Tuesday to publish every contract for building or repairing a road that is worth more than five lakh rupees. The rule takes effect on the first of next month and covers contracts already running.</p>
<p>Each will appear on the council’s notice board and web page within seven days of being signed, with the name of the contractor, the length and width of the road, the price, the date for completion and, later, the date on which it was in fact completed.</p>
<p>“It is not an accusation,” said Naseema Talib Zoon, who moved the motion. “It is a list. Honest builders have been asking me for one, so that people will stop assuming that they are the other kind.”</p>
<h2>Three hours, mostly about paper</h2>
<p>Opponents said the work would fall on four clerks who are behind already. Habibullah Chrar Mir, who led them, asked who would pay for the copies and held up a contract of 212 pages. The answer came from the public benches, where a student pointed out that only the first page need be printed. She was told that visitors may not speak. The amendment was then moved by a member, in much the same words, and carried.</p>
<p>The council let 74 road contracts last year, worth 38 crore rupees together. Minutes show that 29 were finished late, nine of them by more than six months. No penalty was collected from anyone.</p>"""),
            PullQuote("It is not an accusation. It is a list.", "Naseema Talib Zoon, member for Lower Bonwari"),
            Text("""<p>What the rule leaves out is also of interest. Contracts below the limit, which make up two thirds of the number but a tenth of the money, stay in the file room. A member who had hoped for a limit of two lakh said that she would watch for jobs cut into slices of four lakh and ninety-nine thousand.</p>
<p>The clerks have been promised a scanner. We have asked to see the contract for it.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Ward meetings move to Saturdays after shopkeepers say they cannot attend",
        standfirst="Attendance at the first weekend meeting was four times the usual. So was the number of questions, and the caretaker has asked for more chairs.",
        section="politics",
        topics=("roads", "winter-power-cuts"),
        authors=("ishrat-poshwani",),
        hours_ago=281,
        blocks=(
            Text("""<p>For twenty years the ward meetings of Kanelbagh were held on the second Tuesday of the month at eleven in the morning. They were open to all, and on average fourteen people came, of whom five were paid to.</p>
<p>This month the town moved them to Saturday at five. Sixty-one people came to the first, in the hall of the fire station. The caretaker brought benches from the yard, and the last arrivals stood among the hoses.</p>
<p>The change was proposed by Ghulam Nabi Tsot, who sells hardware and had never been to a meeting. In a letter to the council he noted that Tuesday is a delivery day, that eleven is the middle of it, and that he could not recall being asked. Forty-three other shopkeepers signed.</p>
<h2>What they asked</h2>
<p>The minutes of an ordinary Tuesday run to a page. Those of Saturday run to six. Among the questions:</p>
<ul><li>why street lamps on the market side are mended within a week and those behind the flour mill within a season;</li><li>who decides the order in which lanes are cleared of snow, and whether it is written down;</li><li>when the transformer that burned out last January will be replaced, since another January is coming.</li></ul>
<p>To the third there was an answer: it was ordered in October and is sitting in a depot, waiting for a crane. A man at the back said that he owned a crane. He was asked to stay behind.</p>
<p>Not all are content. Two members of the council said that weekends belong to their families, and a clerk wants the hours to count as work. The chairwoman, Asmat Jabeen Koul, thought both points fair. Children are to be welcome, and the clerk will have Monday mornings off.</p>
<p>The transformer was lifted into place on the following Wednesday. The crane’s owner sent no bill, but he has put himself down for the next meeting with a question about parking.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Lake committee asks for one budget in place of four, and one set of keys",
        standfirst="Four offices share the care of a single lake. Between them they own seven boats, three of which nobody can start because another office has the key.",
        section="politics",
        topics=("lakes-and-rivers", "houseboats", "tourism"),
        authors=("ishrat-poshwani", "tafazul-wagay"),
        hours_ago=131,
        photo=Photo(
            "lake-270",
            "Drawing of a lake at evening with a single boat and dark hills behind it.",
            "A drawing of a lake in the evening.",
        ),
        blocks=(
            Text("""<p>A committee of nine people, asked in spring to find out why the lake at Astanbal is cleaned so slowly, has reported that it is cleaned by four offices at once. One cuts weed. One removes rubbish, but only from the surface. One looks after the shore up to a line of concrete posts, many of which have fallen in, and one licenses the boats.</p>
<p>Each has its own budget, its own engineer and its own store. The committee’s report, which runs to forty pages and was released on Monday, recommends that all four be put under a single manager by April, with one account that is open to inspection.</p>
<p>The most telling page is an inventory. The offices have seven work boats among them. On the day of the committee’s visit three were in use; one was under repair; and three were tied up in good order because the ignition keys were held by another office, which had lent the boats and not the keys.</p>
<h2>A question of the middle</h2>
<p>Money is the lesser difficulty. The four together spend 6.2 crore rupees a year, which the committee thinks is nearly enough. Much of it goes on the shore, where it can be seen. Very little reaches the middle of the lake, where weed now covers about a third of the water.</p>
<p>Haneefa Dar Bulbul, who chaired the committee and owns two houseboats, said she had begun by looking for someone to blame. “I found eighty people doing what they were told,” she said. “Nobody had been told to look after the lake.”</p>
<p>The heads of the four offices gave the report a guarded welcome. Two said that a single manager was a good idea and that their own office was well placed to supply one.</p>
<p>The council will debate the matter in two weeks. The keys, meanwhile, have been copied. It cost 240 rupees, and all seven boats went out on Thursday.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Early sittings help Bonwari court to clear four hundred old land cases",
        standfirst="The judge begins at eight, hears the oldest file first and allows no adjournment without a reason in writing. The oldest of them was nearly thirty.",
        section="politics",
        topics=("courts", "press-freedom"),
        authors=("ishrat-poshwani",),
        hours_ago=92,
        photo=Photo(
            "court-131",
            "Drawing of a courthouse with a row of stone columns under a pale sky.",
            "A drawing of a courthouse; it shows no particular one.",
        ),
        blocks=(
            Text("""<p>The oldest file in the civil court at Bonwari concerned a walnut tree. It was opened twenty-nine years ago by two brothers, each of whom said that the tree stood on his side of a wall. Both have died. The wall has gone. The tree, according to the bailiff, gives about two sacks a year, and has been harvested all this time by whoever gets up first.</p>
<p>It was decided on a Thursday in October, at twenty past eight in the morning, in eleven minutes. The sons had agreed in the corridor to take a sack each.</p>
<p>Since the first of September the court has sat at eight and not at ten. The two hours are kept for cases more than ten years old, oldest first. By last Friday 407 of the 1,150 on the list had been closed, more than in the previous three years together.</p>
<h2>A reason in writing</h2>
<p>The rule that made the difference is that whoever wants a case put off must say why on a sheet of paper, which is read out. Requests fell from about thirty a day to four. “It turns out that many reasons do not like to be written down,” said a lawyer, Qurat Ul Ain Sadhu, who admits to having made use of a few.</p>
<p>A little over half of the closed cases ended in agreement. In ninety-one nobody appeared for either side. The clerks have traced some of the families; several did not know that they were at law.</p>
<p>The early start has costs. Litigants from the hill villages must come down the night before, and there is no cheap place to sleep. The bar has asked for a shelter with a stove. The court has written to the district office, which says that it is giving the matter thought.</p>
<p>Sittings remain open to the public. The list for each day is pinned to the door by seven, next to a tea stall that has also changed its hours.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Two villages settle their quarrel over a meadow after thirty-one summers",
        standfirst="Shepherds from Hapatbal and Lidru will share the high pasture by the week. The agreement fits on one page and provides for a referee in case of goats.",
        section="politics",
        topics=("courts", "roads"),
        authors=("ishrat-poshwani",),
        hours_ago=262,
        photo=Photo(
            "mountains-275",
            "Drawing of ridges with dark pines at their foot, below a strip of snow.",
            "A drawing of the ridges above a high pasture.",
        ),
        blocks=(
            Text("""<p>The meadow called Sona Maidan has good grass from the middle of June until the end of August. It lies about two hours’ walk above Hapatbal and about two hours above Lidru, and for thirty-one summers both villages have held that the other’s two hours are longer.</p>
<p>On Sunday, in a tent halfway up, they signed an agreement. From next year Hapatbal will graze the meadow in the odd weeks and Lidru in the even ones, changing over on Friday after noon. The spring at the lower end belongs to both at all times. Each village keeps its own path, and neither will block the other’s.</p>
<p>No court case had come to anything. Two surveys, forty years apart, put the boundary in different places, and the stones they relied on have been moved by snow, or by somebody. A mediator appointed by the district, Yusuf Naik Sahiban, threw out the maps at the first meeting. “I asked them to tell me what they needed, instead of what they owned,” he said. “Needing took one afternoon. Owning had taken three decades.”</p>
<h2>The seventh clause</h2>
<p>Sheep stay where they are put. Goats do not, and the seventh clause of the agreement, on which most of the time was spent, is about them. A goat found in the meadow in the wrong week is to be returned with courtesy on the first occasion. On the second, its milk for that day goes to the finder. A referee, chosen each year from a third village, will settle any argument about whose goat it is.</p>
<p>The referee for the first summer is Mugli Begum Ganai of Poshwan, who is seventy-four and keeps no animals. She accepted on condition that nobody should shout.</p>
<p>Afterwards the two sides ate together. The mutton came from Lidru and the rice from Hapatbal, and it was noted by several people that this had been decided in about a minute.</p>"""),
            CLOSING,
        ),
    ),
    Article(
        headline="Requests for public records are answered late, and a third are not answered",
        standfirst="We sent the same simple question to thirty offices and waited. Eleven replied within the month that the rules allow; ten have not replied at all.",
        section="politics",
        topics=("press-freedom", "courts"),
        authors=("ishrat-poshwani",),
        hours_ago=392,
        blocks=(
            Text("""<p>In the spring we wrote to thirty public offices in the valley and asked each the same thing: how many letters from citizens it had received in the past year, and how many it had answered. Any office that keeps a register can find out in an afternoon. The rules give it thirty days.</p>
<p>Eleven offices replied in time. Nine were late, by between four days and five months. Ten have said nothing, in spite of two reminders, and among them is the office that is responsible for seeing that the others reply.</p>
<h2>What the answers say</h2>
<p>The twenty that did answer received 48,300 letters among them and sent 31,900 replies. The range is wide. A water division in the north answered nineteen letters out of twenty. A land office a few streets from our own answered one in six, and was candid about it: two of its three clerks had retired and had not been replaced.</p>
<ul><li>The quickest reply came in two days, by hand, from a veterinary hospital.</li><li>The longest was of fourteen pages, and did not contain either number.</li><li>One office asked us why we wanted to know. The rules say that it may not.</li></ul>
<p>Zahida Mantoo Rah, who retired last year after three decades in a district registry, was not surprised. Clerks are seldom punished for silence, she said, and often for a wrong answer. “If you want people to speak, you must make it safer to speak than to sit.”</p>
<h2>What happens next</h2>
<p>We have appealed in the ten cases. The appeals will be heard by the offices’ own superiors, within forty-five days if they keep to the rules, and we shall report on each.</p>
<p>The letters, the replies and a table of the dates are <a href="https://example.org/records">open to anyone</a>. We received a good many letters ourselves last year, 2,204 of them, and have counted our own replies: 1,871. We mean to do better too.</p>"""),
            CLOSING,
        ),
    ),
)
