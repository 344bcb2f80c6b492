/** Words and signs that tell the same in every language. */
export const shared: Readonly<Record<string, string>> = {
  QM: '?',
  WHEN: 'DAY CLOCK numtoken',
  NUMBER: 'numtoken',
  DAY: 'daytoken',
  CLOCK: 'clocktime',
  LIKE: '😍 ❤ 🤩 🥰 😻 🔥 💯',
  ANGRY: '🙄 😡 🤬 😠 👎 😤 🤡',
  THANKS: '🙏 💐 🙌',
  OK: '👍 👌 🆗 ✅',
  YES: '🙋',
  NAME: `kevin sarah john james david michael mike mark paul steve steven dave tom thomas tim peter pete chris christopher
    daniel dan matt matthew andrew andy robert rob bob bill william richard rick joe joseph george harry jack ben sam alex adam ryan
    brian jason jeff scott eric greg frank gary tony anthony karen lisa linda susan sue mary emma anna anne laura julie jane kate katie
    kelly amy rachel rebecca becky jessica jess emily lucy sophie hannah claire helen nicola sandra nancy donna carol maria marie
    johan anders erik eric lars per karl magnus mikael fredrik henrik oskar oscar gustav axel viktor björn bjorn sven nils olof
    eva karin kristina kerstin birgitta elin sara malin jenny ida johanna ulla lena annika helena sofia
    carlos juan jose luis miguel jorge pedro manuel francisco javier fernando antonio alejandro diego ricardo roberto sergio pablo
    ramón raul raúl mario ana carmen marta lucía lucia elena rosa isabel patricia claudia gabriela andrea silvia beatriz paula
    hans klaus jürgen wolfgang dieter uwe stefan andreas michaela sabine petra monika ursula gabi renate heike birgit anja
    schmidt müller schneider fischer weber meyer wagner becker hoffmann schulz
    rahul amit raj rajesh ravi sanjay vijay anil sunil suresh ramesh mukesh deepak manoj vikram arjun rohit rohan ankit priya pooja
    neha anjali sunita kavita rekha geeta meena sharma verma gupta singh kumar patel khan ali ahmed mohammed mohamed hassan fatima
    omar ibrahim andersson johansson karlsson nilsson eriksson larsson olsson persson svensson smith jones brown johnson wilson
    राहुल अमित राज राजेश रवि संजय विजय अनिल सुनील सुरेश रमेश मुकेश दीपक मनोज रोहित प्रिया पूजा नेहा अंजलि सुनीता कविता रेखा गीता मीना शर्मा वर्मा गुप्ता सिंह कुमार पटेल अनीता
    garcía garcia martínez martinez lópez lopez gonzález gonzalez hernández hernandez rodriguez rodríguez pérez perez`,
};
