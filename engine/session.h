// One running session: a snapshot brought to life for the time of a macrostep. Appendix D of the
// Recommendation, procedure by procedure, is in session_select.cpp, session_enter.cpp and
// session_loop.cpp; executable content is in session_content.cpp, <send> and <invoke> in
// session_send.cpp and session_invoke.cpp.
//
//   Run run(chart, input);  Session root(run, chart, snapshot);  root.Take(event);  root.Save()
#pragma once

#include "engine/session_run.h"

namespace aiguillage::engine {

class Session : public evaluator::Globals {
 public:
  Session(Run& run, const Chart& chart, std::string session_id, Session* parent);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Load(Snapshot&& snapshot);
  void Save(Snapshot& saved);  // the last thing it does: what it held is moved into the snapshot
  // `given`: values from <invoke> for top-level data of the same name.
  void Begin(const Value::Entries& given);
  void Enqueue(QueuedEvent event) { queue_.Add(std::move(event)); }
  bool ProcessNext();  // one macrostep of a child or of itself; false: all queues are empty
  Session* Find(const std::string& session_id);
  Session* FindChild(const std::string& invoke_id);
  void React(const Event& event);    // Receive and ProcessNext, straight where nothing waits
  void Receive(const Event& event);  // from outside, for this session or, by target, another
  bool MayHold(const Transition& transition);  // a guard that reads _event counts as open

  // evaluator::Globals
  bool Read(evaluator::Machine& machine, const evaluator::Program& program, int symbol,
            evaluator::Cell& value) override;
  Written Write(const evaluator::Program& program, int symbol,
                const evaluator::Cell& value) override;
  void Declare(const evaluator::Program& program, int symbol) override;
  bool In(const std::string& state) const override;
  bool HasIn() const override { return true; }

 private:
  using States = std::vector<int>;
  struct Entry;

  const StateNode& State(int index) const { return chart_.states[static_cast<std::size_t>(index)]; }
  const Transition& At(int index) const {
    return chart_.transitions[static_cast<std::size_t>(index)];
  }
  bool IsActive(int state) const;
  bool IsCompound(const StateNode& state) const;

  void InitializeData(const StateNode& state, const Value::Entries& given);
  void InitializeItem(const DataItem& item);
  void RunToCompletion();
  void RunInvokes();
  void TakeExternal(QueuedEvent&& queued);
  void ForwardToChildren(const QueuedEvent& event);
  void Microstep(const std::vector<int>& enabled);
  void ExitInterpreter();
  void Leave();
  bool CountMicrostep();

  std::vector<int> SelectEventless();
  std::vector<int> SelectFor(const std::string& event);
  int SelectFrom(int atomic, const std::string* event);
  bool Matches(const Transition& transition, const std::string& event) const;
  bool ConditionHolds(const Transition& transition);
  std::vector<int> WithoutConflicts(const std::vector<int>& enabled);
  States EffectiveTargets(const Transition& transition) const;
  void AddEffective(const std::vector<int>& targets, States& into) const;
  int Domain(const Transition& transition) const;
  bool ExitSetsMeet(int domain_a, int domain_b) const;
  const std::vector<std::uint16_t>* HistoryOf(int state) const;

  void ExitStates(const std::vector<int>& enabled);
  void RecordHistory(const StateNode& state);
  void EnterStates(const std::vector<int>& enabled);
  void EnterInitial(const Transition& initial);
  void AddTransition(const Transition& transition, Entry& entry) const;
  void Enter(Entry& entry);
  void EnterState(const Entry& entry, int state);
  void EnterFinal(const StateNode& state);
  bool InFinalState(int state) const;
  void AddDescendants(int state, Entry& entry) const;
  void AddAncestors(int state, int ancestor, Entry& entry) const;
  void AddParallelChildren(const StateNode& state, Entry& entry) const;

  void Execute(const Block& block, int owner);
  void ExecuteOne(const Instruction& instruction);
  void ExecuteIf(const Instruction& instruction);
  void ExecuteForeach(const Instruction& instruction);
  void ExecuteForeign(const Instruction& instruction);
  void ExecuteSend(const Instruction& instruction);
  void SendNow(const std::string& target, QueuedEvent event, const std::string& send_id);
  void ExecuteCancel(const Instruction& instruction);
  void Emit(Effect effect);
  std::string Computed(const Instruction& instruction, const std::string& name);
  bool BuildPayload(const Payload& payload, Value& data, std::string& raw, bool strict);

  void StartInvoke(const StateNode& state, int index);
  void CancelInvokes(int state);
  void Reap();  // children that have ended: only what <finalize> needs of them stays
  std::string TextOfInvoke(const Invoke& invoke, bool& failed);

  void Raise(const std::string& name, LiveEvent::Type type, const std::string& send_id = "");
  void RaiseError(const std::string& what, const std::string& send_id = "");
  void RaiseCommunication(const std::string& what, const std::string& send_id);
  // Runs what may throw; an error becomes error.execution. True: it went well.
  template <typename Work>
  bool Guarded(Work work, const std::string& send_id = "");
  evaluator::Cell Eval(const Expression& expression);
  std::string EvalText(const Expression& expression);
  evaluator::Cell EventCell();
  evaluator::Cell ProcessorsCell();
  int SlotOf(const evaluator::Program& program, int symbol) const;  // -1: no variable
  bool ReadSystem(const std::string& name, evaluator::Cell& value);
  std::string Location() const { return "#_scxml_" + session_id_; }
  std::string Where() const;

  Run& run_;
  const Chart& chart_;
  Session* parent_;
  std::string session_id_;
  std::string invoke_id_;  // in the parent; "" for the root
  evaluator::Heap heap_;
  evaluator::Machine machine_;
  std::vector<std::uint16_t> active_;  // document order
  std::vector<Variable> variables_;
  std::vector<std::pair<std::uint16_t, std::vector<std::uint16_t>>> history_;
  std::vector<std::uint16_t> bound_;
  Queue<LiveEvent> internal_;
  Queue<QueuedEvent> queue_;
  std::vector<int> to_invoke_;
  std::vector<Invoked> invoked_;
  LiveEvent event_;
  bool has_event_ = false;
  evaluator::Cell event_cell_;
  evaluator::Cell processors_cell_;
  std::uint32_t next_id_ = 1;
  int owner_ = 0;              // the state whose content runs
  Position at_;                // of what is evaluated
  const char* tag_ = "scxml";  // its element
  bool running_ = true;
  bool finished_ = false;
  bool cancelled_ = false;
  bool result_event_taken_ = false;
  Value done_data_;
};

}  // namespace aiguillage::engine
