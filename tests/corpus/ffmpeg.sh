# shellcheck shell=bash
# shellcheck disable=SC1091,SC2034,SC2154 # of run.sh
# ffmpeg and ffprobe: media of every encoder and muxer that ffmpeg has, whole and broken, decoded, filtered, cut for streaming.

FF=(ffmpeg -hide_banner -nostdin -y -v error)
SOURCES=(-f lavfi -i testsrc=duration=0.3:size=128x96:rate=10 -f lavfi -i sine=duration=0.3)

# Encoders of a kind (V, A, S) that need no device.
encoders() { # KIND
  ffmpeg -v error -encoders | sed -nE "s/^ $1[A-Z.]{5} ([^ =]+) .*/\1/p" | grep -vE '_(vaapi|nvenc|qsv|v4l2m2m|omx|amf|vulkan|mf|videotoolbox)$'
}

muxers() {
  ffmpeg -v error -muxers | sed -nE 's/^ .E +([^ =]+) .*/\1/p' | tr ',' '\n' |
    grep -vxE 'alsa|oss|pulse|sdl2?|opengl|xv|fbdev|caca|v4l2|video4linux2|rtp|rtp_mpegts|rtsp|sap|decklink|chromaprint|whip'
}

# Filters of one picture or sound in and out, without devices and without what they would have to be told.
filters() { # IN->OUT
  ffmpeg -v error -filters | sed -nE "s/^ ... ([^ ]+) +$1 .*/\1/p" |
    grep -vE 'opencl|vulkan|vaapi|cuda|qsv|npp|frei0r|ladspa|lv2|zmq|realtime|dnn_|^sr$|derain|coreimage|_qsv|hwupload|hwmap|loudnorm'
}

make_inputs() {
  local name
  "${FF[@]}" "${SOURCES[@]}" -c:v mpeg4 -c:a aac in.mov
  "${FF[@]}" "${SOURCES[@]}" -c:v ffv1 -c:a flac in.mkv
  while IFS= read -r name; do
    maybe timeout 20 "${FF[@]}" -strict -2 "${SOURCES[@]}" -map 0:v -s 128x96 -c:v "${name}" "v-${name}.nut"
  done < <(encoders V | some 15)
  while IFS= read -r name; do
    maybe timeout 20 "${FF[@]}" -strict -2 "${SOURCES[@]}" -map 1:a -c:a "${name}" "a-${name}.mka"
  done < <(encoders A | some 15)
  while IFS= read -r name; do
    maybe timeout 20 "${FF[@]}" "${SOURCES[@]}" -t 0.2 -f "${name}" "m-${name}"
  done < <(muxers | some 15)
  rm -f m-hls* m-dash* m-segment* m-image2* [0-9]* init-* chunk-*
  find . -size -2c -name '[vam]-*' -delete
  printf '1\n00:00:00,000 --> 00:00:01,000\nsome <i>words</i>\n' >words.srt
  printf "file in.mov\nfile in.mov\n" >list.txt
  printf 'P6 2 2 255\n123456789012' >picture.ppm
  samples 3 '*.wav' '*.ogg' '*.oga' '*.mp3' '*.webm' '*.mp4'
  breaks 12 ./in.mov ./in.mkv
  breaks 1 ./v-* ./a-* ./m-*
}

# Everything of a file is decoded; what comes of it goes nowhere.
decode() { job "${FF[@]}" -i "$1" -f null -; }

run_jobs() {
  local file name
  while IFS= read -r file; do
    decode "${file}"
  done < <(cd "${INPUTS}" && printf '%s\n' [vam]-* sample-* | some 25)
  while IFS= read -r file; do
    job ffprobe -v error -show_format -show_streams "${file}"
    decode "${file}"
  done < <(cd "${INPUTS}" && printf '%s\n' broken-* | some 25)
  while IFS= read -r name; do
    job "${FF[@]}" -strict -2 "${SOURCES[@]}" -map 0:v -c:v "${name}" out.nut
  done < <(encoders V | some 15)
  while IFS= read -r name; do
    job "${FF[@]}" -strict -2 "${SOURCES[@]}" -map 1:a -c:a "${name}" out.mka
  done < <(encoders A | some 10)
  while IFS= read -r name; do
    job "${FF[@]}" "${SOURCES[@]}" -t 0.2 -f "${name}" out-%d.any
  done < <(muxers | some 15)
  while IFS= read -r name; do
    job "${FF[@]}" -i in.mov -t 0.2 -vf "${name}" -an -f null -
  done < <(filters 'V->V' | some 10)
  while IFS= read -r name; do
    job "${FF[@]}" -i in.mov -t 0.2 -af "${name}" -vn -f null -
  done < <(filters 'A->A' | some 8)
  job "${FF[@]}" -i in.mov -c:v libx264 -preset veryfast -pass 1 -an -f null -
  job "${FF[@]}" -i in.mov -c:v libx265 -x265-params log-level=none out.mp4
  job "${FF[@]}" -i in.mov -c:v libvpx-vp9 -row-mt 1 -threads 4 out.webm
  job "${FF[@]}" -i in.mov -c:v libx264 -movflags +faststart out.mp4
  job "${FF[@]}" -i in.mov -vf "drawtext=font=Sans:text=hello,subtitles=words.srt" out.mkv
  job "${FF[@]}" -i in.mov -filter_complex '[0:v]split[a][b];[a]hflip[c];[b][c]hstack' -filter_threads 3 out.mkv
  job "${FF[@]}" -i in.mov -f hls -hls_time 0.1 list.m3u8
  job "${FF[@]}" -i in.mov -f dash list.mpd
  job "${FF[@]}" -i in.mov -f segment -segment_time 0.1 out-%d.mkv
  job "${FF[@]}" -i in.mov out-%d.png
  job "${FF[@]}" -f concat -i list.txt -c copy out.mov
  job "${FF[@]}" -stream_loop 2 -i in.mov -i words.srt -c:s mov_text out.mp4
  job "${FF[@]}" -i in.mov -f tee -map 0 'one.mkv|two.mp4'
  job "${FF[@]}" -loop 1 -t 0.3 -i picture.ppm -r 5 out.gif
  job "${FF[@]}" -benchmark_all -stats -progress - -i in.mov -f null -
  job "${FF[@]}" -timelimit 5 -report -i in.mov out.mkv
  job "${FF[@]}" -re -i in.mov -f null -
  job "${FF[@]}" -i cache:in.mov -f null -
  job "${FF[@]}" -i async:in.mov -f null -
  job "${FF[@]}" -i subfile,,start,0,end,2000,,:in.mkv -f null -
  job "${FF[@]}" -i crypto:in.mov -f null -
  job "${FF[@]}" -i tcp://127.0.0.1:9 out.mkv
  job "${FF[@]}" -i http://localhost:9/x.mov out.mkv
  job "${FF[@]}" -i unix:socket out.mkv
  job "${FF[@]}" -init_hw_device vaapi -i in.mov out.mkv
  INPUT=in.mkv job ffmpeg -v error -y -i - -f matroska -
  OUTPUT=/dev/full job "${FF[@]}" -i in.mov -f avi -
  TERMINAL=yes INPUT=list.txt job ffmpeg -y -i in.mov out.mkv
  job ffprobe -v error -show_packets -show_frames -of json in.mov
  job ffprobe -v error -read_intervals %+0.1 -count_frames in.mkv
  job "${FF[@]}" -i nothing.mov out.mkv
  job "${FF[@]}" -i in.mov nowhere/out.mkv
  for name in formats codecs devices filters pix_fmts protocols hwaccels; do job ffmpeg -v error "-${name}"; done
  job ffmpeg -h full
  OPTIONS=(--limit as=300M)
  job "${FF[@]}" -i in.mov -s 1920x1080 -c:v rawvideo out.mov
  OPTIONS=(--limit fsize=4K)
  job "${FF[@]}" -i in.mov out.avi
  OPTIONS=()
}
