#include "scenarios/pipeline/cancel.hpp"

#include <algorithm>

namespace lockstorm::scenarios::pipeline {
namespace {

bool has_link(std::span<const Link> links, Link link) {
  return std::ranges::find(links, link) != links.end();
}

// The runners of GitHub and the agents of Azure signal one process, and have the same ladder.
Hears by_ladder(std::span<const Link> links, bool waits) {
  if (has_link(links, Link::container)) return Hears::nothing_unseen;
  if (has_link(links, Link::wrapper) || has_link(links, Link::node_task)) return Hears::nothing;
  if (has_link(links, Link::shell) || has_link(links, Link::pipe)) return Hears::nothing;
  if (has_link(links, Link::forward_each) || has_link(links, Link::exec)) return Hears::twice;
  if (has_link(links, Link::forward_once)) return waits ? Hears::once : Hears::once_then_kill;
  return Hears::nothing;
}

std::string ladder_in_words(System system, std::span<const Link> links, bool waits) {
  const std::string end = system == System::azure ? "the agent" : "the runner";
  if (has_link(links, Link::container))
    return "the signals go to the docker client, not to the tool in the container; the client is killed "
           "after 10 s, "
           "and the container runs on, unseen";
  if (has_link(links, Link::node_task))
    return "the signals go to the node process of the task, which does not pass them on; terraform runs on "
           "until " +
           end + " kills what is left at the end of the job";
  if (has_link(links, Link::wrapper))
    return "SIGINT goes to the shell; between it and terraform is the node wrapper, which passes no signal "
           "on; the "
           "shell is killed within 10 s, and terraform runs on, beside the steps that follow, until it is "
           "killed at "
           "the end of the job";
  if (has_link(links, Link::shell) || has_link(links, Link::pipe))
    return "SIGINT goes to bash, which waits for its child and does not pass it on; SIGTERM after 7.5 s ends "
           "bash; "
           "terraform runs on, beside the steps that follow, until it is killed at the end of the job";
  if (has_link(links, Link::forward_each) || has_link(links, Link::exec))
    return "terraform gets SIGINT, and 7.5 s later SIGTERM, a second interrupt: it gives up at once, and is "
           "killed "
           "after 10 s";
  if (has_link(links, Link::forward_once) && waits)
    return "the script hands one interrupt on; terraform finishes what it has begun, saves and unlocks, "
           "while a step "
           "waits for it";
  if (has_link(links, Link::forward_once))
    return "the script hands one interrupt on and is killed after 10 s; terraform has until the end of the "
           "job, and "
           "no step waits for it";
  return "terraform is killed without a signal";
}

}  // namespace

Hears hears_of(System system, std::span<const Link> links, bool waits) {
  switch (system) {
    case System::github:
      return by_ladder(links, waits);
    case System::azure: {
      // Scripts hear of it, tasks of node do not; `waits`: the time until the kill is set for it.
      const Hears ladder = by_ladder(links, false);
      if (has_link(links, Link::node_task) || has_link(links, Link::container)) return ladder;
      if (ladder == Hears::twice) return waits ? Hears::once : ladder;
      return waits ? Hears::once : Hears::once_then_kill;
    }
    case System::gitlab:
      // Shell: the group gets SIGTERM and 10 min; docker 10 to 20 s; Kubernetes 30 s. Which one, no file
      // says.
      return Hears::once_then_kill;
    case System::jenkins:
      return Hears::twice;
    case System::atlantis:
    case System::digger:
    case System::terrateam:
    case System::spacelift:
      break;
  }
  return Hears::nothing_unseen;
}

std::string chain_of_cancel(System system, std::span<const Link> links, bool waits) {
  switch (system) {
    case System::github:
      return ladder_in_words(system, links, waits);
    case System::azure:
      if (has_link(links, Link::node_task) || has_link(links, Link::container) || has_link(links, Link::exec))
        return ladder_in_words(system, links, waits);
      return waits ? "SIGINT reaches the script and terraform, and the agent waits for as long as the "
                     "variables say"
                   : "SIGINT reaches the script and terraform; after 7.5 s comes SIGTERM, after 2.5 s more a "
                     "kill of the "
                     "entry process, and of the rest at the end of the job";
    case System::gitlab:
      return "SIGTERM goes to the processes of the script, the providers among them; with a shell runner "
             "there are "
             "10 min until SIGKILL, with docker 10 to 20 s, on Kubernetes 30 s";
    case System::jenkins:
      return "SIGTERM goes to every process of the build, the providers first; a terraform that is still "
             "there "
             "after 5 s gets a second one: it gives up at once";
    case System::atlantis:
      return "a running command cannot be interrupted; a server that is stopped waits for it, until "
             "Kubernetes "
             "kills both after terminationGracePeriodSeconds";
    case System::digger:
    case System::terrateam:
    case System::spacelift:
      break;
  }
  return "what a cancel does is decided outside of these files";
}

}  // namespace lockstorm::scenarios::pipeline
