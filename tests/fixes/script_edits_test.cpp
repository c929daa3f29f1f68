// Unlock steps that are taken out, and scripts that hand one interrupt on: what is written otherwise stays.
#include "scenarios/fixes/script_edits.hpp"

#include <gtest/gtest.h>

namespace lockstorm::scenarios {
namespace {

using pipeline::System;

std::string without_unlock(const std::string& text, unsigned line, System system = System::github) {
  TextLines lines(text);
  return remove_unlock(lines, system, {"ci.yml", line, 1}) ? lines.text() : "refused";
}

TEST(RemoveUnlock, TakesTheStepOutThatDoesNothingElse) {
  EXPECT_EQ(without_unlock("steps:\n"
                           "  # applies\n"
                           "  - run: terraform apply\n"
                           "  - name: unlock\n"
                           "    if: always()\n"
                           "    run: |\n"
                           "      ID=$(terraform plan | grep ID)\n"
                           "      if [ -n \"$ID\" ]; then\n"
                           "        terraform force-unlock -force $ID\n"
                           "      fi\n"
                           "\n"
                           "  # tells\n"
                           "  - run: ./notify\n",
                           9),
            "steps:\n"
            "  # applies\n"
            "  - run: terraform apply\n"
            "\n"
            "  # tells\n"
            "  - run: ./notify\n");
}

TEST(RemoveUnlock, TakesOnlyTheCommandOutOfAScriptThatDoesMore) {
  EXPECT_EQ(without_unlock("steps:\n"
                           "  - run: |\n"
                           "      aws dynamodb delete-item \\\n"
                           "        --table-name locks\n"
                           "      terraform apply # all of it\n",
                           3),
            "steps:\n"
            "  - run: |\n"
            "      terraform apply # all of it\n");
}

TEST(RemoveUnlock, TakesAFoldedCommandOutWhole) {
  EXPECT_EQ(without_unlock("steps:\n  - run: terraform init\n  - name: clear\n    run: >\n"
                           "      aws dynamodb delete-item\n      --table-name locks\n  - run: ./x\n",
                           5),
            "steps:\n  - run: terraform init\n  - run: ./x\n");
  EXPECT_EQ(without_unlock("  - run: terraform force-unlock -force 1 && terraform apply\n", 1), "refused");
}

TEST(RemoveUnlock, TakesAnItemOutOfAListOfCommands) {
  EXPECT_EQ(
      without_unlock("apply:\n  script:\n    - terraform apply\n    - terraform force-unlock -force 1\n", 4,
                     System::gitlab),
      "apply:\n  script:\n    - terraform apply\n");
  EXPECT_EQ(without_unlock("apply:\n  script: [terraform apply]\n  after_script:\n"
                           "    - terraform force-unlock -force 1\n  when: manual\n",
                           4, System::gitlab),
            "apply:\n  script: [terraform apply]\n  when: manual\n");
}

TEST(RemoveUnlock, LeavesAJenkinsBlockThatIsNotEmpty) {
  EXPECT_EQ(without_unlock("post {\n  aborted {\n    sh 'terraform force-unlock -force 1'\n  }\n}\n", 3,
                           System::jenkins),
            "post {\n  aborted {\n    echo 'the lock is left as it is: lockstorm advise unlock'\n  }\n}\n");
}

std::string with_recipe(const std::string& text, unsigned line) {
  TextLines lines(text);
  return hand_one_interrupt_on(lines, {"ci.yml", line, 1}) ? lines.text() : "refused";
}

TEST(HandOneInterruptOn, OpensALineIntoTheRecipe) {
  EXPECT_EQ(with_recipe("    steps:\n"
                        "      - run: terraform apply -auto-approve\n"
                        "        working-directory: infra # here\n"
                        "      - run: ./notify\n",
                        2),
            "    steps:\n"
            "      - run: |\n"
            "          terraform apply -auto-approve & p=$!\n"
            "          once() { trap '' INT TERM; kill -INT \"$p\"; }\n"
            "          trap once INT TERM\n"
            "          rc=0; wait \"$p\" || rc=$?\n"
            "          while kill -0 \"$p\" 2>/dev/null; do rc=0; wait \"$p\" || rc=$?; done\n"
            "          exit \"$rc\"\n"
            "        working-directory: infra # here\n"
            "      - name: let an interrupted terraform finish (up to 4 minutes)\n"
            "        if: always()\n"
            "        run: for i in $(seq 240); do pgrep -x terraform >/dev/null || exit 0; sleep 1; done\n"
            "      - run: ./notify\n");
}

TEST(HandOneInterruptOn, KeepsWhatStandsAroundTheCommandInABlock) {
  const std::string text = with_recipe(
      "      - run: |\n"
      "          # first\n"
      "          tofu init\n"
      "          tofu apply -auto-approve \\\n"
      "            -lock-timeout=5m\n"
      "          ./after\n",
      4);
  EXPECT_NE(text.find("          tofu apply -auto-approve \\\n            -lock-timeout=5m & p=$!\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("          [ \"$rc\" -eq 0 ] || exit \"$rc\"\n          ./after\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("          # first\n          tofu init\n"), std::string::npos);
  EXPECT_NE(text.find("pgrep -x tofu"), std::string::npos);
}

TEST(HandOneInterruptOn, LeavesCommandsThatDoNotStandByThemselves) {
  for (const char* command : {"terraform apply | tee log", "terraform apply || true", "make apply",
                              "cd infra && terraform apply", "\"terraform apply\"", "terraform apply > log"})
    EXPECT_EQ(with_recipe(std::string("  - run: ") + command + "\n", 1), "refused") << command;
}

std::string without_wrapper(const std::string& text) {
  TextLines lines(text);
  switch_wrapper_off(lines, 1, lines.count());
  return lines.text();
}

TEST(SwitchWrapperOff, SaysItInWhateverWayTheStepIsWritten) {
  EXPECT_EQ(
      without_wrapper("  - uses: hashicorp/setup-terraform@v3\n  - run: x\n"),
      "  - uses: hashicorp/setup-terraform@v3\n    with:\n      terraform_wrapper: false\n  - run: x\n");
  EXPECT_EQ(without_wrapper("  - uses: hashicorp/setup-terraform@v3\n    with: {terraform_version: 1.9}\n"),
            "  - uses: hashicorp/setup-terraform@v3\n"
            "    with: {terraform_wrapper: false, terraform_version: 1.9}\n");
  EXPECT_EQ(without_wrapper("  - name: tool\n    uses: opentofu/setup-opentofu@v1\n    with:\n"
                            "      tofu_version: 1.9 # pinned\n"),
            "  - name: tool\n    uses: opentofu/setup-opentofu@v1\n    with:\n      tofu_wrapper: false\n"
            "      tofu_version: 1.9 # pinned\n");
  EXPECT_EQ(without_wrapper("  - uses: hashicorp/setup-terraform@v3\n    with:\n"
                            "      terraform_wrapper: true\n"),
            "  - uses: hashicorp/setup-terraform@v3\n    with:\n      terraform_wrapper: false\n");
  const std::string off = "  - uses: hashicorp/setup-terraform@v3\n    with: {terraform_wrapper: false}\n";
  EXPECT_EQ(without_wrapper(off), off);
}

}  // namespace
}  // namespace lockstorm::scenarios
