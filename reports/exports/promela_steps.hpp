// The steps of an exported world in C, as text: the rules of the explorer's steps and monitors, written down
// a second time, so that SPIN does not take our word for them.
#pragma once

#include <string_view>

namespace lockstorm::reports {

/// What stands behind the tables in the header that a Promela model includes. `now` is SPIN's state.
inline constexpr std::string_view kPromelaSteps = R"C(
static int violated; /* by the last step: a bit for each property */
static int unknown;  /* the last step asked for what no run of Lockstorm's comes to */

static int known(int number) {
  if (number < 0) unknown = 1;
  return number < 0 ? 0 : number;
}

/* ---- what monitors remember of each process: who wrote the state, who has read it ---- */

static int is_live(int slot) {
  const int status = locals[now.at[slot]].status;
  return status == ALIVE || status == PAUSED;
}

static int at_file(int bits, int tags) { return tags & OF_OTHER_STATE ? bits << 4 : bits; }

static void see_write(int slot, int tags) {
  int other;
  const int own = now.seen[slot] & at_file(AUTHOR, tags);
  const int went_back = tags & SERIAL_WENT_BACK;
  const int unread = !(now.seen[slot] & at_file(FRESH, tags)) || (own && went_back);
  if (went_back || ((tags & SAME_SERIAL_OTHER_TEXT) && !own)) violated |= STATE_INTEGRITY;
  for (other = 0; other < PROCESSES; ++other) {
    if (unread && (now.seen[other] & at_file(AUTHOR, tags))) {
      if (now.seen[other] & at_file(ACKNOWLEDGED, tags)) violated |= NO_LOST_UPDATE;
      else now.seen[other] |= at_file(LOST, tags);
    }
    now.seen[other] &= ~at_file(FRESH | AUTHOR | ACKNOWLEDGED, tags);
  }
  now.seen[slot] &= ~at_file(LOST, tags);
  now.seen[slot] |= at_file(tags & DELETES_STATE ? FRESH : FRESH | AUTHOR, tags);
}

/* With processes and services as they are before the effect. */
static void see_effect(int slot, int tags) {
  int s, holds = 1, flags = is_live(slot) ? locals[now.at[slot]].flags : 0;
  for (s = 0; s < SERVICES; ++s) holds &= holders[first_state[s] + now.service[s]] >> slot & 1;
  if ((tags & READS_STATE) && !(flags & READS_TO_COMPARE)) now.seen[slot] |= at_file(FRESH, tags);
  if ((tags & (WRITES_STATE | CHANGES_CLOUD)) && !holds && !(flags & HAS_ACTED)) violated |= EXCLUSIVE_EFFECTS;
  if (tags & TOUCHES_FOREIGN_LOCK) violated |= OWN_LOCK_ONLY;
  if (tags & ROBS_LIVE_LEASE) violated |= STALE_LOCK_RECOVERY;
  if (tags & (CREATES_TWIN | DESTROYS_UNASKED)) violated |= NO_DRIFT;
  if (tags & WRITES_STATE) see_write(slot, tags);
}

static void see_answer(int slot, int tags) {
  const int lost = now.seen[slot] & at_file(LOST, tags);
  now.seen[slot] &= ~at_file(LOST, tags);
  if (lost) violated |= NO_LOST_UPDATE;
  else if (now.seen[slot] & at_file(AUTHOR, tags)) now.seen[slot] |= at_file(ACKNOWLEDGED, tags);
}

/* The process is in its new state already. */
static void see_flags(int slot, int before, int after) {
  int other;
  if (!(after & IN_CRITICAL_SECTION) || (before & IN_CRITICAL_SECTION)) return;
  for (other = 0; other < PROCESSES; ++other) {
    if (other != slot && is_live(other) && (locals[now.at[other]].flags & IN_CRITICAL_SECTION))
      violated |= MUTUAL_EXCLUSION;
  }
}

/* ---- steps ---- */

static int effect_of(const struct move *move, int slot) {
  const struct row row = effect_rows[move->request * PROCESSES + slot];
  const int state = now.service[move->service];
  return state < row.count ? effect_numbers[row.first + state] : -1;
}

/* How many ways move number `i` of the process can go now. */
static int ways(int slot, int i) {
  const struct local *local = &locals[now.at[slot]];
  const struct move *move = &moves[local->first_move + i];
  int effect;
  if (i >= local->moves) return 0;
  if (move->fault >= 0 && now.left[move->fault] == 0) return 0;
  if (move->type != EFFECT) return 1;
  effect = effect_of(move, slot);
  return effect < 0 ? 1 : effects[effect].ways;
}

static int told(int service, int state, int slot, int hook) {
  const int row = hook_rows[service * 4 + hook - 1];
  return row < 0 ? state : known(hooks[row + slot * states_of[service] + state]);
}

static int answered(const struct move *move, int answer) {
  return answer < move->answers ? known(answers[move->first_answer + answer]) : known(-1);
}

static void take_effect(int slot, const struct move *move, int way) {
  const int number = known(effect_of(move, slot));
  const struct effect *effect = &effects[number + way];
  const int next = known(effect->next);
  if (unknown) return;
  if (!move->is_dropped) see_effect(slot, effect->tags);
  now.at[slot] = answered(move, effect->answer);
  if (move->is_dropped) return;
  now.service[move->service] = move->cuts ? told(move->service, next, slot, CUT) : next;
}

static void go(int slot, int i, int way) {
  const struct local *before = &locals[now.at[slot]], *after;
  const struct move *move = &moves[before->first_move + i];
  const int is_clock = move->type == CLOCK;
  const int hook = is_clock ? ENDED : move->hook;
  int s;
  violated = unknown = 0;
  if (move->fault >= 0) --now.left[move->fault];
  if (move->type == EFFECT) {
    take_effect(slot, move, way);
    return;
  }
  now.at[slot] = is_clock ? answered(move, now.clock) : known(move->next);
  if (unknown) return;
  after = &locals[now.at[slot]];
  if (after->status != DEAD) see_flags(slot, before->flags, after->flags);
  if (move->delivered & WRITES_STATE) see_answer(slot, move->delivered);
  if (hook == CUT) {
    now.service[move->service] = told(move->service, now.service[move->service], slot, CUT);
  } else if (before->status != after->status) {
    for (s = 0; s < SERVICES; ++s) {
      if (hears[s]) now.service[s] = told(s, now.service[s], slot, hook);
    }
  }
}

static int time_may_pass(void) {
  int slot, somebody = 0;
  if (TICKS == 0 || now.clock >= TICKS) return 0;
  for (slot = 0; slot < PROCESSES; ++slot) {
    if (TIME_IS_URGENT && locals[now.at[slot]].is_urgent) return 0;
    somebody |= is_live(slot);
  }
  return somebody;
}

static void pass_time(void) {
  int i;
  violated = unknown = 0;
  for (i = 0; i < PROCESSES; ++i) now.at[i] = known(locals[now.at[i]].ticked);
  for (i = 0; i < SERVICES; ++i) now.service[i] = known(ticked[first_state[i] + now.service[i]]);
  ++now.clock;
}

static int nothing_moves(void) {
  int slot, i;
  for (slot = 0; slot < PROCESSES; ++slot) {
    for (i = 0; i < locals[now.at[slot]].moves; ++i) {
      if (ways(slot, i) > 0) return 0;
    }
  }
  return !time_may_pass();
}

/* What is wrong with an ending is in the table of all that Lockstorm comes to. */
static void judge_ending(void) {
  int low = 0, high = ENDS;
  violated = 0;
  unknown = 1;
  while (low < high) {
    const int middle = (low + high) / 2;
    int i, order = 0;
    for (i = 0; i < PROCESSES + SERVICES && order == 0; ++i) {
      const int here = i < PROCESSES ? locals[now.at[i]].end : now.service[i - PROCESSES];
      order = here - ends[middle][i];
    }
    if (order == 0) {
      unknown = 0;
      violated = ends[middle][PROCESSES + SERVICES];
      return;
    }
    if (order < 0) high = middle;
    else low = middle + 1;
  }
}
)C";

}  // namespace lockstorm::reports
