// The checkers alone: a read of what nobody has written is not linearizable.
#include <checkers/formats/format.hpp>
#include <checkers/judge.hpp>
#include <cstdio>

int main() {
  constexpr const char* kHistory =
      R"({"process": 1, "type": "invoke", "f": "write", "value": 1}
{"process": 1, "type": "ok", "f": "write", "value": 1}
{"process": 2, "type": "invoke", "f": "read"}
{"process": 2, "type": "ok", "f": "read", "value": 2}
)";
  const auto history = lockstorm::checkers::read_history(kHistory);
  if (!history) return 2;
  const auto verdicts = lockstorm::checkers::judge(*history, lockstorm::checkers::Model::register_cell, {});
  if (!verdicts || verdicts->size() != 1) return 3;
  const bool found = verdicts->front().judgement == lockstorm::checkers::Judgement::violated;
  std::printf("%s\n", found ? "a read of what nobody wrote is found" : "NOT found");
  return found ? 0 : 1;
}
