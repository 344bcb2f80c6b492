/** Common emoji by Slack's names; others are shown by name. */
export const EMOJI: Readonly<Record<string, string>> = Object.fromEntries(
  `+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 100 💯 alarm_clock ⏰ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_up ⬆️
  ballot_box_with_check ☑️ bangbang ‼️ bar_chart 📊 bell 🔔 blue_car 🚙 blush 😊 bookmark 🔖 bulb 💡 bust_in_silhouette 👤
  busts_in_silhouette 👥 calendar 📆 camera 📷 car 🚗 racing_car 🏎️ chart_with_downwards_trend 📉
  chart_with_upwards_trend 📈 checkered_flag 🏁 clap 👏 clipboard 📋 clock1 🕐 clock9 🕘 cold_sweat 😰 construction 🚧
  credit_card 💳 cross_mark ❌ cry 😢 date 📅 disappointed 😞 dollar 💵 e-mail 📧 ear 👂 email ✉️ envelope ✉️
  envelope_with_arrow 📩 euro 💶 exclamation ❗ eyes 👀 facepalm 🤦 fire 🔥 flag-se 🇸🇪 flag-de 🇩🇪 flag-es 🇪🇸 flag-gb 🇬🇧
  flag-in 🇮🇳 flag-us 🇺🇸 gear ⚙️ ghost 👻 gift 🎁 green_heart 💚 grey_question ❔ grin 😁 grinning 😀 handshake 🤝
  hash #️⃣ hammer 🔨 heart ❤️ heavy_check_mark ✔️ heavy_multiplication_x ✖️ heavy_plus_sign ➕ hourglass ⌛
  hourglass_flowing_sand ⏳ house 🏠 inbox_tray 📥 information_source ℹ️ iphone 📱 joy 😂 key 🔑 large_blue_circle 🔵
  large_green_circle 🟢 large_orange_circle 🟠 large_yellow_circle 🟡 link 🔗 lock 🔒 loudspeaker 📢 mag 🔍 mailbox 📫
  mega 📣 memo 📝 money_with_wings 💸 moneybag 💰 mute 🔇 neutral_face 😐 no_bell 🔕 no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑
  ok ✅ ok_hand 👌 open_mouth 😮 outbox_tray 📤 page_facing_up 📄 paperclip 📎 party_popper 🎉 pause_button ⏸️ pencil 📝
  pencil2 ✏️ phone ☎️ telephone_receiver 📞 pray 🙏 pushpin 📌 question ❓ raised_hands 🙌 raised_hand ✋ recycle ♻️
  red_circle 🔴 relaxed ☺️ repeat 🔁 robot_face 🤖 rocket 🚀 rotating_light 🚨 round_pushpin 📍 sad 😞 scream 😱
  shield 🛡️ simple_smile 🙂 slightly_smiling_face 🙂 smile 😄 smiley 😃 sos 🆘 sparkles ✨ speaker 🔈 speech_balloon 💬
  star ⭐ star2 🌟 stop_sign 🛑 stopwatch ⏱️ sunglasses 😎 sunny ☀️ sweat_smile 😅 tada 🎉 thinking_face 🤔 thought_balloon 💭
  timer_clock ⏲️ train 🚆 trophy 🏆 unlock 🔓 upside_down_face 🙃 v ✌️ vertical_traffic_light 🚦 warning ⚠️ wave 👋
  white_check_mark ✅ white_circle ⚪ wink 😉 wrench 🔧 writing_hand ✍️ x ❌ yum 😋 zap ⚡ zzz 💤`
    .split(/\s+/)
    .reduce<[string, string][]>((pairs, word, index, words) => {
      if (index % 2 === 0) pairs.push([word, words[index + 1] ?? '']);
      return pairs;
    }, []),
);
