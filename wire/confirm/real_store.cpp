#include "wire/confirm/real_store.hpp"

#include <nlohmann/json.hpp>

#include "wire/record/onward.hpp"

namespace lockstorm::wire::confirm {
namespace {

constexpr std::chrono::seconds kLongestRealAnswer{60};

class RealHttpStore final : public ModelServer {
 public:
  RealHttpStore(RealStore store, std::unique_ptr<ModelServer> model)
      : store_(std::move(store)), model_(std::move(model)) {}
  RealHttpStore(const RealHttpStore&) = delete;
  RealHttpStore& operator=(const RealHttpStore&) = delete;
  ~RealHttpStore() override { store_.clear(loop_); }

  [[nodiscard]] std::string_view service() const override { return model_->service(); }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override {
    return model_->name(request);
  }
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override {
    return model_->refuse(request, kind);
  }
  [[nodiscard]] unsigned model_status(const HttpRequest& request, const HttpAnswer& answer) const override {
    return model_->model_status(request, answer);
  }

  // What the store decides is what counts; the model only follows.
  HttpAnswer handle(const HttpRequest& request) override {
    const bool is_head = request.method == "HEAD";
    const auto answer = ask(loop_, store_.server, passed_on(request), kLongestRealAnswer);
    if (!answer) return {502, {{"Content-Type", "text/plain"}}, "the real store: " + answer.error() + "\n"};
    if (store_.hides_locks && answer->status < 300) (void)model_->handle(request);
    return passed_back(*answer, is_head);
  }

  void clear() override {
    store_.clear(loop_);
    model_->clear();
  }

  [[nodiscard]] nlohmann::ordered_json holds() const override {
    nlohmann::ordered_json all = store_.look(loop_);
    if (!store_.hides_locks) return all;
    const nlohmann::ordered_json followed = model_->holds();
    for (const auto& [place, held] : followed.items()) {
      if (held.contains("lock")) all[place]["lock"] = held["lock"];
    }
    return all;
  }

 private:
  mutable Loop loop_;  // its own: whoever asks waits
  RealStore store_;
  std::unique_ptr<ModelServer> model_;
};

}  // namespace

std::unique_ptr<ModelServer> real_store(RealStore store, std::unique_ptr<ModelServer> model) {
  return std::make_unique<RealHttpStore>(std::move(store), std::move(model));
}

}  // namespace lockstorm::wire::confirm
