//! The shell: the component that holds the model, turns messages into updates, and hands their effects to the
//! browser.

use yew::{Callback, Component, Context, Html, NodeRef};

use crate::draw;
use crate::model::Model;
use crate::platform::Platform;
use crate::regions::Action;
use crate::update::update;

/// The page.
#[derive(Debug)]
pub struct App {
    model: Model,
    platform: Platform,
    /// Where the editor goes.
    editor: NodeRef,
    /// What every component says: one callback, so that it is the same from frame to frame.
    on_action: Callback<Action>,
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let on_action = ctx.link().callback(|action| action);
        let mut platform = Platform::new(on_action.clone());
        let (model, effects) = Model::open(platform.surroundings());
        platform.carry_out(effects);
        Self { model, platform, editor: NodeRef::default(), on_action }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        let effects = update(&mut self.model, action);
        self.platform.carry_out(effects);
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        draw::page(&self.model, &self.editor, &self.on_action)
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        if first {
            self.platform.mount(&self.editor, &self.model);
        }
        self.platform.drawn();
    }
}
