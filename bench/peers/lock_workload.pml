/* The lock workload as a Promela model: one step is one scheduling point, so SPIN counts the states of README.md.
 *
 * -DN=clients -DK=rounds -DSTEALS=budget (with STEALS > 0 one client may also crash); -DNOFENCE seeds the bug.
 *
 * Two things keep the count exact. Every point is one statement, d_step or (where a `goto` leads, which may
 * not enter a d_step) atomic that cannot block, so no location in between is ever stored; a `goto` after a statement
 * costs no step. And a client that has ended blocks
 * at a valid end label: a process that really terminated could only vanish in the order of process ids, which would
 * add states that the workload does not have.
 */

#ifndef N
#define N 3
#endif
#ifndef K
#define K 2
#endif
#ifndef STEALS
#define STEALS 2
#endif

#ifdef NOFENCE
#define FENCED_OFF(me) false
#else
#define FENCED_OFF(me) (holder != me || gen != mine)
#endif

/* The server. */
byte holder; /* 0: free, else client + 1 */
byte gen;
byte ver;

/* Budgets of the whole run. */
byte steals;
bit crashed;

/* Ghosts. While the property holds they follow from the rest of the state, so they add no states. */
byte inside; /* clients in the critical section; a dead one stays in it */
byte acks;
byte ended;

#define TAKE         \
  holder = _pid + 1; \
  gen++;             \
  mine = gen

#define END \
  ended++;  \
  assert(ended < N || ver == acks)

/* The client dies instead of doing the apply step of this point; it keeps the lock. */
#define APPLY_OR_CRASH                          \
  if                                            \
  :: true                                       \
  :: d_step {                                   \
       STEALS > 0 && !crashed -> crashed = 1;   \
       mine = 0;                                \
       v = 0;                                   \
       round = 0;                               \
       END                                      \
     };                                         \
     goto end_dead                              \
  fi

active [N] proctype client() {
  byte round, mine, seen, v;
  bit wrote;

  do
  :: d_step { holder != 0 -> seen = gen }; /* 1: acquire request, refused */
     true                                  /* 2: its response */

  :: d_step { holder != 0 && seen != 0 && seen == gen && steals < STEALS -> TAKE; steals++ }; /* 1: steal */
     goto taken

  :: d_step { holder == 0 -> TAKE }; /* 1: acquire request, taken */
  taken:
     atomic { /* 2: its response */
       seen = 0;
       inside++;
       assert(STEALS > 0 || inside == 1)
     };

     v = ver; /* 3: read request */
     true;    /* 4: its response */

     APPLY_OR_CRASH; /* 5 */
     APPLY_OR_CRASH; /* 6 */
     APPLY_OR_CRASH; /* 7 */

     d_step { /* 8: write request */
       if
       :: FENCED_OFF(_pid + 1)
       :: else ->
          assert(ver == v);
          ver = v + 1;
          wrote = 1
       fi;
       v = 0
     };

     d_step { /* 9: its response */
       inside--;
       acks = acks + wrote;
       wrote = 0
     };

     d_step { /* 10: release request */
       if
       :: holder == _pid + 1 && gen == mine -> holder = 0
       :: else
       fi;
       mine = 0
     };

     if /* 11: its response */
     :: d_step { round + 1 < K -> round++ }
     :: d_step { round + 1 == K -> round = 0; END };
        goto end_done
     fi
  od;

end_done:
  false;

end_dead:
  false
}
